import type { BoundEndpoint } from '@gatehouse/kernel/endpoint'
import type { MigrationSet, OrgTable, PartitionedTable, PersonalTable } from '@gatehouse/kernel/db'
import type { BoundJob, RecurringJob } from '@gatehouse/kernel/jobs'
import type { KeyShape } from '@gatehouse/kernel/keys'
import type { LimitRule } from '@gatehouse/kernel/limits'
import type { RetentionRow } from '@gatehouse/kernel/retention'

/** How a refusal looks on the wire: the form that the service's public clients know, or RFC 9457. */
export type Envelope = 'wire' | 'problem+json'

export type GatePolicy = {
  /** Which headers may carry a credential (G4). */
  readonly credentialHeaders: readonly ('authorization' | 'x-api-key')[]
  /** Milliseconds from arrival before which no refusal leaves (G2); `all` holds back successes too. */
  readonly floorMs: number
  readonly floorOn: 'all' | 'failures'
  /** Charged to an address before any look-up, and given back once the credential proves valid. */
  readonly beforeProof: LimitRule
  readonly perKey: LimitRule
  /** Whose calls `perKey` counts together: of one key, of all keys that show the same characters (L5), or of an organisation (L7). */
  readonly perKeyBy: 'key' | 'prefix' | 'org'
  readonly perUser: LimitRule
}

/** A service's security figures, as far as the pipeline reads them. */
export type ServicePolicy = {
  readonly keyShape: KeyShape | null
  readonly gate: GatePolicy
  /** Limits of calls that prove nothing, by the name that an endpoint's access rule gives. */
  readonly publicLimits: Readonly<Record<string, LimitRule>>
  /** Further limits of a person's calls, by the name that an endpoint's access rule gives. */
  readonly userLimits?: Readonly<Record<string, LimitRule>>
  readonly scopes: readonly string[]
}

/** What a service hands to the server. */
export type ServiceModule = {
  readonly name: string
  readonly title: string
  readonly envelope: Envelope
  readonly policy: ServicePolicy
  readonly endpoints: readonly BoundEndpoint[]
  readonly jobs: readonly BoundJob[]
  readonly recurring: readonly RecurringJob[]
  /** Starts the service's loops on this node. */
  readonly start: () => Promise<{ readonly stop: () => Promise<void> }>
}

/** What the database must hold before a service can be composed. */
export type ServiceSchema = {
  readonly migrations: readonly MigrationSet[]
  readonly partitions: readonly PartitionedTable[]
  /** How long each of its tables keeps what is in it. */
  readonly retention: readonly RetentionRow[]
  /** Where it keeps something about a person. */
  readonly personal: readonly PersonalTable[]
  /** Where it keeps the data of orgs; whatever refers to another table comes before it. */
  readonly orgs: readonly OrgTable[]
}
