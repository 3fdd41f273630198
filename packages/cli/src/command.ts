import type { Readable } from 'node:stream'
import type { ParseArgsOptionDescriptor } from 'node:util'

/** What a command may touch of the process that runs it. */
export type Terminal = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly folder: string
  /** Data: standard output, and nothing else goes there. */
  readonly out: (text: string) => void
  /** Complaints, and what people should know: standard error. */
  readonly note: (text: string) => void
  /** What takes a while: standard error, and only where somebody watches. */
  readonly progress: (text: string) => void
  /** Aborts once somebody asks the process to end; asked a second time, it ends at once. */
  readonly interruption: () => AbortSignal
  readonly input: Readable & { readonly isTTY?: boolean }
}

export type Option = Pick<ParseArgsOptionDescriptor, 'type'> & {
  readonly about: string
  /** What stands for the value in help, such as `ADDRESS`; absent for a switch. */
  readonly placeholder?: string
  readonly required?: true
}

export type Values = Readonly<Record<string, string | boolean | undefined>>

export type Command = {
  /** `owner create` */
  readonly name: string
  readonly summary: string
  readonly description?: string
  readonly options: Readonly<Record<string, Option>>
  readonly examples: readonly string[]
  /** Resolves to the exit code. */
  readonly run: (values: Values, terminal: Terminal) => Promise<number>
}

/** Stable: scripts depend on them. */
export const exitCodes = { done: 0, failed: 1, misused: 2, partly: 3, interrupted: 130 } as const

/** The command line is wrong; the message says how, and help is one flag away. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
