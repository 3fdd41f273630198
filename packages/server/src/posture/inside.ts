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

/** A key of the server's own: which versions there are, never what they are. */
export type KeyFacts = {
  readonly name: 'master-key' | 'pepper' | 'jwt-key' | 'signing-key'
  readonly current: number
  readonly versions: readonly number[]
  /** By version; absent where nothing says so. */
  readonly madeAtMs: ReadonlyMap<number, number>
}

/** Of the running configuration, what a claim may depend on. No value is a secret. */
export type ConfigFacts = {
  readonly host: string
  /** Undefined: the address that it listens on. */
  readonly publicUrl: string | undefined
  readonly endsTls: boolean
  readonly trustedHops: number
  readonly allowedOrigins: readonly string[]
  readonly egressAllow: string
  readonly takesQueryKeys: boolean
  /** Ways off this machine that go without TLS and a verified certificate. */
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

/** How a runbook was last gone through on throw-away secrets. */
export type Drill = {
  readonly outcome: 'done' | 'partly' | 'failed'
  readonly startedAt: string
  /** Without what was waited for a person. */
  readonly ownMs: number
  readonly steps: readonly { readonly kind: 'rotate' | 'check' | 'investigate' }[]
}

export type DrilledRunbook = { readonly runbook: string; readonly drill: Drill | null }

/** What inside probes read. Nothing here writes, and nothing shows a secret. */
export type Inside = {
  /** For what the kernel offers on `{ db }`: `within`, `asGate`, `assertTenancy`, `listRetentionEvidence`. */
  readonly db: Database
  /**
   * The rows of one statement, which stands in a file of `posture/store`, in a transaction that PostgreSQL keeps read-only,
   * as the role that the server connects with: catalogs, roles, settings. Rows of orgs are read through `within`.
   */
  readonly read: <Row extends object>(
    statement: string,
    values?: readonly unknown[],
  ) => Promise<readonly Row[]>
  /**
   * What PostgreSQL answers when one of the roles that work runs under tries a statement, which stands in a file of
   * `posture/store`: the SQLSTATE of its refusal, or undefined where it was carried out. It is undone.
   */
  readonly attempt: (role: string, statement: string) => Promise<string | undefined>
  /** The limiter of the server, for subjects that are nobody. */
  readonly limits: {
    /** Its judgement where the store of the counts is gone. */
    readonly chargeWithoutStore: (rule: LimitRule, subject: string) => LimitDecision | Promise<LimitDecision>
    readonly remembersForMs: (rule: LimitRule) => Promise<number>
    readonly idlestMs: () => number | undefined
  }
  readonly clock: Clock
  /** As they run: policies, endpoints, recurring jobs. */
  readonly services: readonly ServiceModule[]
  readonly schema: ServiceSchema
  readonly policy: PosturePolicy
  readonly config: ConfigFacts
  readonly keys: readonly KeyFacts[]
  readonly digests: Pick<KeyDigests, 'currentVersion'>
  readonly signingPublicKeys: ReadonlyMap<string, KeyObject>
  /** Judges targets as the running server does; it dials nothing for a probe. */
  readonly egress: Pick<Egress, 'allow' | 'judgeTarget' | 'judgeTargetNow'>
  /** Files of the data folder's secrets; empty where all keys come from the environment. */
  readonly listSecretFiles: () => Promise<readonly HeldFile[]>
  /** Every runbook there is, the gravest first, and the newest record of its drills. */
  readonly listDrills: () => Promise<readonly DrilledRunbook[]>
  /** What was logged since the run began, line by line, as it was written. */
  readonly logged: () => readonly string[]
  /** Settings that weaken a control, as they declare themselves. */
  readonly deviations: readonly Deviation[]
  /** The running server and the sink of the run, for probes that compare what goes in with what is kept. */
  readonly target: Target
  readonly sink: Sink
}
