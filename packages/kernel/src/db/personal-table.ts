/** Where data about one person is stored, for that person's own export. Secrets and digests are never listed. */
export type PersonalTable = {
  /** `schema.table` */
  readonly table: string
  /**
   * The column that names the person, and what it holds. `sender`: the kind of a principal and its id, as in
   * `member:<id>`.
   */
  readonly person: string
  readonly holds: 'id' | 'email' | 'sender'
  readonly columns: readonly string[]
  /**
   * `gate`: rows of any org, or of none, read by the gate role. `org`: rows of one org, read in a transaction of that
   * org.
   */
  readonly readIn: 'gate' | 'org'
}

const key = {
  table: 'gatehouse.api_key',
  holds: 'id',
  readIn: 'org',
  columns: ['id', 'service', 'name', 'prefix', 'scopes', 'kind', 'expires_at', 'created_at', 'revoked_at'],
} as const

export const kernelPersonalTables: readonly PersonalTable[] = [
  {
    table: 'gatehouse.session',
    person: 'user_id',
    holds: 'id',
    readIn: 'gate',
    columns: [
      'id',
      'active_org',
      'user_agent',
      'ip',
      'created_at',
      'last_used_at',
      'expires_at',
      'ended_at',
      'ended_because',
      'confined_to',
    ],
  },
  {
    table: 'gatehouse.token_not_before',
    person: 'user_id',
    holds: 'id',
    readIn: 'gate',
    columns: ['for_org', 'not_before'],
  },
  { ...key, person: 'created_by' },
  { ...key, person: 'revoked_by' },
  { ...key, person: 'stands_for' },
  {
    table: 'gatehouse.audit_entry',
    person: 'actor_id',
    holds: 'id',
    readIn: 'org',
    columns: ['org_id', 'seq', 'ts', 'event_type', 'resource_type', 'resource_id', 'payload'],
  },
  {
    table: 'gatehouse.api_call',
    person: 'user_id',
    holds: 'id',
    readIn: 'org',
    columns: ['org_id', 'at', 'ip', 'method', 'route', 'status', 'duration_ms'],
  },
]
