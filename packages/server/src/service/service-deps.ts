import type { KeyObject } from 'node:crypto'
import type { AuditLog, SigningKey } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import type { Database, Invalidations, TenantTx } from '@gatehouse/kernel/db'
import type { Egress, NameServer } from '@gatehouse/kernel/egress'
import type { Cursors } from '@gatehouse/kernel/endpoint'
import type { LimitDecision, LimitRule } from '@gatehouse/kernel/limits'
import type { Live } from '@gatehouse/kernel/live'
import type { Logger } from '@gatehouse/kernel/log'
import type { Sealer } from '@gatehouse/kernel/secrets'
import type { Mailer, Reader } from '../mail/index.ts'
import type { BillingSettings } from './billing-settings.ts'
import type { OrgDesk } from './org-desk.ts'
import type { OwnKeys } from './own-keys.ts'

export type DerivedKey = { readonly version: number; readonly key: Buffer }

type Hosts = { readonly rest: string; readonly stream: string }

/** The source of market data: the venues themselves, a simulator of them on this machine, or none. */
export type FeedSource =
  | { readonly kind: 'live' | 'off' }
  | {
      readonly kind: 'simulated'
      readonly hosts: Readonly<
        Record<'binance' | 'coinbase' | 'bybit', Readonly<Record<'spot' | 'perp', Hosts>>>
      >
      readonly deribit: string
    }

/** The symbols that the operator added, and the file with them; none when there is no file. */
export type AddedSymbols = {
  readonly file: string | undefined
  readonly symbols: readonly {
    readonly symbol: string
    readonly kind: 'spot' | 'perp'
    readonly venues: Partial<Readonly<Record<'binance' | 'coinbase' | 'bybit', string>>>
    readonly primary: 'binance' | 'coinbase' | 'bybit'
  }[]
}

/** The dependencies that the server provides to every service. */
export type ServiceDeps = {
  readonly db: Database
  readonly audit: AuditLog
  readonly clock: Clock
  readonly log: Logger
  readonly sealer: Sealer
  readonly cursors: Cursors
  readonly egress: Egress
  readonly mailer: Mailer
  readonly feeds: FeedSource
  readonly added: AddedSymbols
  /** The feeds of derivatives that the operator has enabled. */
  readonly derivativeFeeds: readonly ('funding' | 'dvol')[]
  /** The operator's egress allowance as text: threads that dial parse it themselves. */
  readonly egressAllow: string
  /**
   * What one org may reach in addition, as text: the sink of the probe run that it was made for. Empty for all others.
   */
  readonly egressAllowOf: (orgId: string) => string
  readonly dnsServers: readonly NameServer[]
  /** The public URL of the instance, without a trailing slash; available once it listens. */
  readonly publicUrl: () => string
  /** Returns cryptographically strong random bytes. */
  readonly randomBytes: (count: number) => Buffer
  /** Returns a random number in [0, 1), for jitter. */
  readonly chance: () => number
  /** The key that signs audit entries, also for other data that others verify. */
  readonly signingKey: SigningKey
  /** The public keys of all keys that ever signed, by key id. */
  readonly signingPublicKeys: ReadonlyMap<string, KeyObject>
  readonly orgDesk: OrgDesk
  readonly ownKeys: OwnKeys
  readonly billing: BillingSettings
  /** Sends a request to this server itself, through the whole pipeline; in the log of calls its route is `self`. */
  readonly askSelf: (path: string) => Promise<number>
  /** Counts one use of something that a plan limits, besides the requests that the pipeline counts. */
  readonly chargeLimit: (rule: LimitRule, subject: string) => LimitDecision | Promise<LimitDecision>
  /** Derives a secret of this server for the purpose `info`; by default from the newest version of the master key. */
  readonly deriveKey: (info: string, version?: number) => DerivedKey | undefined
  /** Notifications to all nodes, sent when a transaction commits. */
  readonly news: Pick<Invalidations, 'subscribe'>
  /** The live events of orgs. */
  readonly live: Live
  /** Aborted as soon as the server stops, so that waiting requests end. */
  readonly stopping: AbortSignal
  /** The names of the org's members among these ids. */
  readonly listMemberNames: (tx: TenantTx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** The mail addresses of an org's owners. */
  readonly listOwners: (tx: TenantTx) => Promise<readonly (Reader & { readonly email: string })[]>
  /** The language and time zone of the org's member with this address; undefined when no member has it. */
  readonly findMemberAddress: (tx: TenantTx, email: string) => Promise<Reader | undefined>
}
