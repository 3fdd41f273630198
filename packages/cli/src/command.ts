import type { Readable } from 'node:stream'
import type { ParseArgsOptionDescriptor } from 'node:util'

/** The process's input, output, environment and signals, as far as commands use them. */
export type Terminal = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly folder: string
  /** Writes to standard output, which carries data only. */
  readonly out: (text: string) => void
  /** Writes errors and notices to standard error. */
  readonly note: (text: string) => void
  /** Shows the progress of long operations on standard error, if it is a terminal. */
  readonly progress: (text: string) => void
  /**
   * Returns a signal that aborts on the first SIGINT, SIGTERM or SIGHUP. The same signal sent again ends the process
   * immediately.
   */
  readonly interruption: () => AbortSignal
  readonly input: Readable & { readonly isTTY?: boolean }
}

export type Option = Pick<ParseArgsOptionDescriptor, 'type'> & {
  readonly about: string
  /** The value's name in help texts, such as `ADDRESS`; absent for a switch. */
  readonly placeholder?: string
  readonly required?: true
}

export type Values = Readonly<Record<string, string | boolean | undefined>>

export type Command = {
  /** The words that call the command, such as `owner create`. */
  readonly name: string
  readonly summary: string
  readonly description?: string
  readonly options: Readonly<Record<string, Option>>
  readonly examples: readonly string[]
  /** Resolves to the exit code. */
  readonly run: (values: Values, terminal: Terminal) => Promise<number>
}

/** The exit codes are a stable interface: scripts depend on them. */
export const exitCodes = { done: 0, failed: 1, misused: 2, partly: 3, interrupted: 130 } as const

/** The command line is invalid. The message says why; help is shown by `--help`. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
