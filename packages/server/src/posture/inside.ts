import type { KeyObject } from 'node:crypto'
import type { Clock } from '@gatehouse/kernel/clock'
import type { Database } from '@gatehouse/kernel/db'
import type { Egress } from '@gatehouse/kernel/egress'
import type { KeyDigests } from '@gatehouse/kernel/keys'
import type { LimitDecision, LimitRule } from '@gatehouse/kernel/limits'
import type { ServiceModule, ServiceSchema } from '../service/define-service.ts'
import type { Deviation } from './deviation.ts'
import type { PosturePolicy } from './posture-policy.ts'
import type { Sink } from './sink.ts'
import type { Target } from './target.ts'

/** The versions of one of the server's own keys, never their values. */
export type KeyFacts = {
  readonly name: 'master-key' | 'pepper' | 'jwt-key' | 'signing-key'
  readonly current: number
  readonly versions: readonly number[]
  /** Times by version; a version without a known time is absent. */
  readonly madeAtMs: ReadonlyMap<number, number>
}

/** The part of the running configuration that a claim may depend on. No value is a secret. */
export type ConfigFacts = {
  readonly host: string
  /** Undefined when it is the address on which the server listens. */
  readonly publicUrl: string | undefined
  readonly endsTls: boolean
  readonly trustedHops: number
  readonly allowedOrigins: readonly string[]
  readonly egressAllow: string
  readonly takesQueryKeys: boolean
  /** The connections to other machines without TLS and a verified certificate. */
  readonly plainTransports: readonly string[]
  readonly hasOwnDatabase: boolean
  readonly hasValkey: boolean
  readonly isMailSet: boolean
  readonly registration: 'open' | 'invite' | 'closed'
  readonly securityContact: string | undefined
  readonly auditAnchors: string | undefined
  readonly logLevel: string
}

export type HeldFile = { readonly path: string; readonly mode: number; readonly bytes: number }

/** The record of the last drill of a runbook, on temporary secrets. */
export type Drill = {
  readonly outcome: 'done' | 'partly' | 'failed'
  readonly startedAt: string
  /** The duration without the time spent waiting for a person. */
  readonly ownMs: number
  readonly steps: readonly { readonly kind: 'rotate' | 'check' | 'investigate' }[]
}

export type DrilledRunbook = { readonly runbook: string; readonly drill: Drill | null }

/** What inside probes can read. Nothing here writes, and nothing discloses a secret. */
export type Inside = {
  /** For the kernel functions that take `{ db }`: `within`, `asGate`, `assertTenancy`, `listRetentionEvidence`. */
  readonly db: Database
  /**
   * Runs one statement, which must be in a file of `posture/store`, in a read-only transaction, as the role that the
   * server logs in with, and returns its rows: catalogs, roles, settings. Rows of orgs are read through `within`.
   */
  readonly read: <Row extends object>(
    statement: string,
    values?: readonly unknown[],
  ) => Promise<readonly Row[]>
  /**
   * Lets one of the database roles try a statement, which must be in a file of `posture/store`, and rolls it back.
   * Returns the SQLSTATE of the refusal, or undefined when it was carried out.
   */
  readonly attempt: (role: string, statement: string) => Promise<string | undefined>
  /** The limiter of the server, for artificial subjects. */
  readonly limits: {
    /** Its decision when the store of the counts is unreachable. */
    readonly chargeWithoutStore: (rule: LimitRule, subject: string) => LimitDecision | Promise<LimitDecision>
    readonly remembersForMs: (rule: LimitRule) => Promise<number>
    readonly idlestMs: () => number | undefined
  }
  readonly clock: Clock
  /** The running services: policies, endpoints, recurring jobs. */
  readonly services: readonly ServiceModule[]
  readonly schema: ServiceSchema
  readonly policy: PosturePolicy
  readonly config: ConfigFacts
  readonly keys: readonly KeyFacts[]
  readonly digests: Pick<KeyDigests, 'currentVersion'>
  readonly signingPublicKeys: ReadonlyMap<string, KeyObject>
  /** Judges targets as the running server does; it dials nothing. */
  readonly egress: Pick<Egress, 'allow' | 'judgeTarget' | 'judgeTargetNow'>
  /** The files of the secrets folder; empty where all keys come from the environment. */
  readonly listSecretFiles: () => Promise<readonly HeldFile[]>
  /** Every runbook, the most severe first, with the newest record of its drills. */
  readonly listDrills: () => Promise<readonly DrilledRunbook[]>
  /** The log lines since the run began, as they were written. */
  readonly logged: () => readonly string[]
  /** The settings that weaken a control. */
  readonly deviations: readonly Deviation[]
  /** The running server and the sink of the run, for probes that compare input with stored data. */
  readonly target: Target
  readonly sink: Sink
}
