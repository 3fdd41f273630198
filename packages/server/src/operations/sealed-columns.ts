/** A column of sealed values, and what binds each to its place (V1). */
export type SealedColumn = {
  readonly table: string
  readonly column: string
  /** The column whose value the seal names as the row. */
  readonly row: string
  /** The column whose value the seal names as the organisation. */
  readonly owner: string
  /** `org`: read and written inside each organisation; `gate`: a person's own, outside of any. */
  readonly within: 'org' | 'gate'
}

/** Every column that the master key protects; a test walks the database for others. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'gatehouse.webhook_endpoint', column: 'sealed_secret', row: 'id', owner: 'org_id', within: 'org' },
  {
    table: 'gatehouse.webhook_endpoint',
    column: 'sealed_previous',
    row: 'id',
    owner: 'org_id',
    within: 'org',
  },
  { table: 'uptime.monitor', column: 'sealed_config', row: 'id', owner: 'org_id', within: 'org' },
  { table: 'uptime.heartbeat', column: 'sealed_token', row: 'monitor_id', owner: 'org_id', within: 'org' },
  { table: 'uptime.channel', column: 'sealed_config', row: 'id', owner: 'org_id', within: 'org' },
  { table: 'platform.totp_factor', column: 'secret_sealed', row: 'id', owner: 'user_id', within: 'gate' },
]
