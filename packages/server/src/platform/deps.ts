import type { KeyObject } from 'node:crypto'
import type { AuditedTx, AuditLog, Decision, RefusalLog } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import type { Database, OrgTable, PersonalTable, TenantTx } from '@gatehouse/kernel/db'
import type { Egress } from '@gatehouse/kernel/egress'
import type { Cursors } from '@gatehouse/kernel/endpoint'
import type { KeyDigests, KeyShape } from '@gatehouse/kernel/keys'
import type { Live } from '@gatehouse/kernel/live'
import type { Logger } from '@gatehouse/kernel/log'
import type { Sealer } from '@gatehouse/kernel/secrets'
import type { AccessTokens, SudoTokens } from '@gatehouse/kernel/sessions'
import type { InstanceIssuer } from './domain/single-sign-on.ts'
import type { Mailer } from '../mail/index.ts'
import type { ServicePolicy } from '../service/define-service.ts'

/** What a service defines about its keys: their format, their scopes, and how many an org may have. */
export type KeyedService = Pick<ServicePolicy, 'scopes' | 'defaultScopes' | 'deviceScopes'> & {
  readonly title: string
  readonly keyShape: KeyShape
  /** Throws when the org may not have a further key. */
  readonly admitKey?: (tx: TenantTx) => Promise<void>
}

/** The operator's OpenPGP key, with which reports of weaknesses are encrypted. */
export type ReportKey = {
  /** The key in the form in which it is published. */
  readonly armored: string
  readonly encrypt: (text: string) => Promise<string>
}

/** The dependencies of the platform. */
export type PlatformDeps = {
  readonly db: Database
  readonly audit: AuditLog
  readonly clock: Clock
  readonly log: Logger
  readonly live: Live
  readonly cursors: Cursors
  readonly mailer: Mailer
  /** The addresses of the people who administer this instance, in lower case. */
  readonly admins: readonly string[]
  /** The URL for reports of weaknesses. Unset: `security@` at the host. */
  readonly securityContact: string | undefined
  /** The key with which reports of weaknesses are encrypted. Unset: they can be read only in the dashboard. */
  readonly reportKey: ReportKey | undefined
  /** The public keys that signed audit chains, by key id. */
  readonly auditKeys: ReadonlyMap<string, KeyObject>
  readonly tokens: AccessTokens
  readonly sudoTokens: SudoTokens
  readonly sealer: Sealer
  readonly egress: Egress
  readonly randomBytes: (length: number) => Buffer
  /** Records refused log-ins with the reason. */
  readonly refusals: Pick<RefusalLog, 'note'>
  readonly digests: KeyDigests
  /** Makes this node forget a cached subject immediately, ahead of the notification through the database. */
  readonly forget: (subject: string) => void
  /** The services that have keys, by name. */
  readonly services: ReadonlyMap<string, KeyedService>
  /** Adds what the services define for a new org to the transaction's org, which is being created. */
  readonly furnishOrg: (tx: AuditedTx, nowMs: number) => Promise<readonly Decision[]>
  /** All tables of this instance, of any service, that hold data about a person. */
  readonly personalTables: readonly PersonalTable[]
  /** All tables of orgs' data, in the order in which they can be erased. */
  readonly orgTables: readonly OrgTable[]
  /** The issuer that the operator configured for an instance of one org. */
  readonly instanceIssuer: InstanceIssuer | undefined
  /** Who may create an account without an invitation. */
  readonly registration: 'open' | 'invite' | 'closed'
  /** The URL at which people reach the server, without a trailing slash; available once it listens. */
  readonly publicUrl: () => string
}
