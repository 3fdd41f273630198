/**
 * Where an org's data is stored, for its export and its erasure (T7). A module lists its tables in the order in which
 * they can be erased: a table that refers to another comes before it. `org_id` is implied.
 */
export type OrgTable = {
  /** `schema.table` */
  readonly table: string
  /** The columns that the export includes; empty: the table is not exported. */
  readonly columns: readonly string[]
  /** The columns that no export includes, with the reason; `*` stands for all that `columns` does not name. */
  readonly withheld?: Readonly<Record<string, string>>
  /** Why the rows outlive the org; absent: they are erased with it. */
  readonly kept?: string
}

const chain = {
  columns: [],
  withheld: { '*': 'leaves as audit.ndjson' },
  kept: 'the chain keeps its hashes',
} as const

/** The org tables of the kernel; modules that keep lists of their own are added to it. */
export const kernelOrgTables: readonly OrgTable[] = [
  {
    table: 'gatehouse.delivery_attempt',
    columns: [
      'queue',
      'destination_id',
      'delivery_id',
      'at',
      'status',
      'error',
      'duration_ms',
      'next_attempt_at',
    ],
  },
  {
    table: 'gatehouse.delivery',
    columns: [
      'queue',
      'destination_id',
      'id',
      'event',
      'body',
      'topic',
      'seq',
      'occurrence',
      'state',
      'attempts_made',
      'next_attempt_at',
      'last_status',
      'last_error',
      'created_at',
      'updated_at',
      'finished_at',
    ],
    withheld: { lease_id: 'which node sends', lease_until: 'which node sends' },
  },
  {
    table: 'gatehouse.ailing_destination',
    columns: ['queue', 'destination_id', 'failing_since', 'told_percent', 'given_up', 'not_before'],
  },
  {
    table: 'gatehouse.idempotency',
    columns: [],
    withheld: { '*': 'answers that were given already, kept for a day' },
  },
  {
    table: 'gatehouse.api_key',
    columns: [
      'id',
      'service',
      'name',
      'prefix',
      'scopes',
      'kind',
      'expires_at',
      'ip_allow',
      'rate_limit',
      'created_at',
      'created_by',
      'last_used_at',
      'revoked_at',
      'revoked_by',
      'replaced_by',
      'overlap_until',
      'test_org_id',
      'stands_for',
      'renew_days',
    ],
    withheld: { digest: 'proves a secret', pepper_version: 'of the digest' },
  },
  {
    table: 'gatehouse.api_call',
    columns: ['at', 'key_prefix', 'user_id', 'ip', 'method', 'route', 'status', 'duration_ms'],
  },
  {
    table: 'gatehouse.live_event',
    columns: [],
    withheld: { '*': 'what is told as it happens, kept for a day; the tables hold what it is about' },
  },
  { table: 'gatehouse.live_head', columns: [], withheld: { '*': 'the number of the last of them' } },
  { table: 'gatehouse.audit_entry', ...chain },
  { table: 'gatehouse.audit_checkpoint', ...chain },
  { table: 'gatehouse.audit_head', ...chain },
  {
    table: 'gatehouse.org',
    columns: [
      'name',
      'slug',
      'plan',
      'allowed_origins',
      'external_id',
      'test_of',
      'suspended_at',
      'suspended_because',
      'deletion_scheduled_at',
      'created_at',
      'updated_at',
    ],
    withheld: {
      erasing_at: 'never set while there is a row to export',
      erased_at: 'as above',
      checkpoint_mailed_at: 'of our own mails',
      throw_away: 'never true of an org of people',
    },
    kept: 'emptied, it holds the place that the chain refers to',
  },
]
