import type { OrgTable } from '@gatehouse/kernel/db'

/** What the platform keeps for an org. */
export const orgTables: readonly OrgTable[] = [
  {
    table: 'platform.user',
    columns: ['id', 'email', 'name'],
    withheld: { '*': 'of the person alone, who has an export of their own' },
    kept: 'people outlive their orgs',
  },
  {
    table: 'platform.invitation',
    columns: ['id', 'email', 'role', 'invited_by', 'expires_at', 'created_at'],
    withheld: { token_digest: 'proves a secret', mailed_token_digest: 'proves a secret' },
  },
  {
    table: 'platform.usage_day',
    columns: ['day', 'method', 'route', 'status_class', 'calls'],
  },
  { table: 'platform.usage_anomaly', columns: ['day', 'hour', 'calls', 'usual_calls'] },
  { table: 'platform.membership', columns: ['user_id', 'role', 'created_at', 'updated_at'] },
]
