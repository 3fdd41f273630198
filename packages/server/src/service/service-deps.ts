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

/** Where market data comes from: the venues themselves, a simulator of them on this machine, or nowhere. */
export type FeedSource =
  | { readonly kind: 'live' | 'off' }
  | {
      readonly kind: 'simulated'
      readonly hosts: Readonly<
        Record<'binance' | 'coinbase' | 'bybit', Readonly<Record<'spot' | 'perp', Hosts>>>
      >
      readonly deribit: string
    }

/** Symbols that the operator added, and the file that they stand in; none where there is no file. */
export type AddedSymbols = {
  readonly file: string | undefined
  readonly symbols: readonly {
    readonly symbol: string
    readonly kind: 'spot' | 'perp'
    readonly venues: Partial<Readonly<Record<'binance' | 'coinbase' | 'bybit', string>>>
    readonly primary: 'binance' | 'coinbase' | 'bybit'
  }[]
}

/** What the server lends to every service. */
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
  /** What the operator wants to be read of derivatives. */
  readonly derivativeFeeds: readonly ('funding' | 'dvol')[]
  /** The operator's allow-list as text: threads that dial read it for themselves. */
  readonly egressAllow: string
  /** What one org may reach besides, as text: the sink of the probes that it was made for. Empty for all others. */
  readonly egressAllowOf: (orgId: string) => string
  readonly dnsServers: readonly NameServer[]
  /** The instance as people reach it, without a slash at its end; known once it listens. */
  readonly publicUrl: () => string
  /** Cryptographically strong bytes. */
  readonly randomBytes: (count: number) => Buffer
  /** At least 0 and below 1, for what is spread in time. */
  readonly chance: () => number
  /** Signs what is handed out for others to verify, as it signs audit entries. */
  readonly signingKey: SigningKey
  /** Public halves of all keys that ever signed, by key id. */
  readonly signingPublicKeys: ReadonlyMap<string, KeyObject>
  readonly orgDesk: OrgDesk
  readonly ownKeys: OwnKeys
  readonly billing: BillingSettings
  /** Asks this server itself for a path, through the whole pipeline; in the log of calls its route is `self`. */
  readonly askSelf: (path: string) => Promise<number>
  /** Counts one use of what a plan limits, besides the requests that the pipeline counts. */
  readonly chargeLimit: (rule: LimitRule, subject: string) => LimitDecision | Promise<LimitDecision>
  /** A secret of this server for one use, which `info` names; without a version of the newest master key. */
  readonly deriveKey: (info: string, version?: number) => DerivedKey | undefined
  /** What all nodes are told when a transaction commits that says so. */
  readonly news: Pick<Invalidations, 'subscribe'>
  /** What happens in an org, as it happens. */
  readonly live: Live
  /** Aborted as soon as the server stops: whatever waits is to end. */
  readonly stopping: AbortSignal
  /** The names of the org's members among these ids. */
  readonly listMemberNames: (tx: TenantTx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** Where the owners of an org get mail. */
  readonly listOwners: (tx: TenantTx) => Promise<readonly (Reader & { readonly email: string })[]>
  /** How a member of the org reads who has this address; undefined: none has. */
  readonly findMemberAddress: (tx: TenantTx, email: string) => Promise<Reader | undefined>
}
