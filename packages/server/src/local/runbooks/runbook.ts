import type { Egress } from '@gatehouse/kernel/egress'
import type { Secret } from '@gatehouse/kernel/secrets'
import type { RunbookFound } from '../../operations/runbook-records.ts'
import type { LocalInstance } from '../local-instance.ts'

/** Asks a person for what only a person can do or know. */
export type Person = {
  /** Resolves once the person confirms that it is done. */
  readonly does: (step: string, instructions: readonly string[]) => Promise<void>
  /** Asks for a line of text, which is never shown again and never part of a command line. */
  readonly tells: (step: string, what: string, instructions: readonly string[]) => Promise<string>
  /** Shows text to the person once; it is in no record. */
  readonly sees: (text: string) => void
  readonly waits: (until: Date) => Promise<void>
}

export type RunbookOptions = {
  /** The time since which the secret may have been exposed. */
  readonly sinceMs: number
  /** The id of the endpoint whose secret is exposed. */
  readonly webhook?: string | undefined
  /** Customer keys that have not been rotated this many hours after their owners were asked to are revoked. */
  readonly revokeAfterHours?: number | undefined
  /** The URL at which a deploy token can be tested: it answers 2xx only with the token. */
  readonly tokenUrl?: string | undefined
  /** For how long the previous secret is accepted beside the new one. */
  readonly overlapMs: number
}

export type OwnAnswer = { readonly status: number; readonly text: string }

export type RunbookContext = {
  readonly local: LocalInstance
  readonly env: Readonly<Record<string, string | undefined>>
  readonly egress: Egress
  readonly options: RunbookOptions
  readonly person: Person
  readonly signal: AbortSignal
  /** Values that one step leaves for a later one. */
  readonly held: Map<string, Secret>
  /** Makes a request to the running server; undefined when none answers. */
  readonly askServer: (path: string, request?: OwnRequest) => Promise<OwnAnswer | undefined>
}

export type OwnRequest = {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** The result of a step: what it found, or, for a step whose success could not be observed, why not. */
export type StepResult = RunbookFound | Unproven

export class Unproven {
  readonly because: string
  readonly found: RunbookFound

  constructor(because: string, found: RunbookFound = {}) {
    this.because = because
    this.found = found
  }
}

export type Step = {
  readonly id: string
  /** The phase of the step: rotate first, investigate second. */
  readonly kind: 'rotate' | 'check' | 'investigate'
  /** What the step does, in one line. */
  readonly says: string
  /** Whether the step waits for a person. */
  readonly needsPerson?: true
  readonly run: (context: RunbookContext) => Promise<StepResult>
}

export type Runbook = {
  /** The name of the exposed secret. */
  readonly title: string
  /** Throws before anything is changed when the runbook does not apply. */
  readonly assertFits?: (context: Pick<RunbookContext, 'env' | 'local' | 'options'>) => Promise<void> | void
  readonly steps: readonly Step[]
}
