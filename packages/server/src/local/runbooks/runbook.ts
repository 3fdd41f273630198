import type { Egress } from '@gatehouse/kernel/egress'
import type { Secret } from '@gatehouse/kernel/secrets'
import type { RunbookFound } from '../../operations/runbook-records.ts'
import type { LocalInstance } from '../local-instance.ts'

/** What only a person can do or know, asked for where it is needed. */
export type Person = {
  /** Resolves once they say that it is done. */
  readonly does: (step: string, instructions: readonly string[]) => Promise<void>
  /** A line that is never shown again, nor on a command line. */
  readonly tells: (step: string, what: string, instructions: readonly string[]) => Promise<string>
  /** On their screen, once, and in no record. */
  readonly sees: (text: string) => void
  readonly waits: (until: Date) => Promise<void>
}

export type RunbookOptions = {
  /** Since when the secret may have been in the wrong hands. */
  readonly sinceMs: number
  /** The endpoint whose secret is exposed. */
  readonly webhook?: string | undefined
  /** Customer keys that nobody rotated so many hours after their owners were asked are revoked. */
  readonly revokeAfterHours?: number | undefined
  /** Where a deploy token can be tried: a URL that answers 2xx to it alone. */
  readonly tokenUrl?: string | undefined
  /** For how long the secret before is accepted beside the new one. */
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
  /** What one step leaves for a later one. */
  readonly held: Map<string, Secret>
  /** The running server; undefined where none answers. */
  readonly askServer: (path: string, request?: OwnRequest) => Promise<OwnAnswer | undefined>
}

export type OwnRequest = {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A step that was done, with what it found; or that did what it could, and could not see whether that was enough. */
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
  /** Rotate first, investigate second. */
  readonly kind: 'rotate' | 'check' | 'investigate'
  /** What is done, in a line. */
  readonly says: string
  /** Whether it stops for somebody. */
  readonly needsPerson?: true
  readonly run: (context: RunbookContext) => Promise<StepResult>
}

export type Runbook = {
  /** The secret that is exposed. */
  readonly title: string
  /** Refuses with a sentence before anything is changed. */
  readonly assertFits?: (context: Pick<RunbookContext, 'env' | 'local' | 'options'>) => Promise<void> | void
  readonly steps: readonly Step[]
}
