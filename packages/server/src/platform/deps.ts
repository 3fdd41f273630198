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

/** What a service contributes to keys: how they look, what they may be allowed, and how many of them an org may have. */
export type KeyedService = Pick<ServicePolicy, 'scopes' | 'defaultScopes' | 'deviceScopes'> & {
  readonly title: string
  readonly keyShape: KeyShape
  /** Refuses a further key by throwing. */
  readonly admitKey?: (tx: TenantTx) => Promise<void>
}

/** The operator's own OpenPGP key, to which reports of weaknesses are encrypted. */
export type ReportKey = {
  /** As it is handed out. */
  readonly armored: string
  readonly encrypt: (text: string) => Promise<string>
}

/** Everything that the platform touches outside itself. */
export type PlatformDeps = {
  readonly db: Database
  readonly audit: AuditLog
  readonly clock: Clock
  readonly log: Logger
  readonly live: Live
  readonly cursors: Cursors
  readonly mailer: Mailer
  /** Addresses of the people who administer this instance, in lower case. */
  readonly admins: readonly string[]
  /** Where the operator wants reports of weaknesses, as a URL; unset: `security@` at the host. */
  readonly securityContact: string | undefined
  /** To which reports of weaknesses are encrypted; unset: they are read in the dashboard alone. */
  readonly reportKey: ReportKey | undefined
  /** Public halves of the keys that signed the chain, by key id. */
  readonly auditKeys: ReadonlyMap<string, KeyObject>
  readonly tokens: AccessTokens
  readonly sudoTokens: SudoTokens
  readonly sealer: Sealer
  readonly egress: Egress
  readonly randomBytes: (length: number) => Buffer
  /** Takes note of log-ins that were refused, and why. */
  readonly refusals: Pick<RefusalLog, 'note'>
  readonly digests: KeyDigests
  /** Makes this node forget a subject at once, ahead of the notification that follows through the database. */
  readonly forget: (subject: string) => void
  /** The services that keys can open, by name. */
  readonly services: ReadonlyMap<string, KeyedService>
  /** Gives the transaction's own org, which is being founded, what the services have for it from the start. */
  readonly furnishOrg: (tx: AuditedTx, nowMs: number) => Promise<readonly Decision[]>
  /** Where this instance, whatever its services, keeps something about a person. */
  readonly personalTables: readonly PersonalTable[]
  /** Where it keeps the data of orgs, in the order in which it can be erased. */
  readonly orgTables: readonly OrgTable[]
  /** The operator's own issuer, for an instance of one org. */
  readonly instanceIssuer: InstanceIssuer | undefined
  /** Who may create an account without an invitation. */
  readonly registration: 'open' | 'invite' | 'closed'
  /** Where people reach the server, without a slash at the end; known once it listens. */
  readonly publicUrl: () => string
}
