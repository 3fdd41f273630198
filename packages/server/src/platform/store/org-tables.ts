import type { OrgTable } from '@gatehouse/kernel/db'

const ofInstance = {
  columns: [],
  withheld: { '*': 'of the instance, whose operator reads it' },
  kept: 'the instance is nobody to erase',
} as const

/** The platform's tables of orgs' data. */
export const orgTables: readonly OrgTable[] = [
  { table: 'platform.disclosure_case', ...ofInstance },
  { table: 'platform.credit', ...ofInstance },
  { table: 'platform.security_incident_org', ...ofInstance },
  { table: 'platform.security_incident', ...ofInstance },
  { table: 'platform.security_notice_seen', columns: ['notice_id', 'user_id', 'seen_at'] },
  { table: 'platform.security_notice', columns: ['id', 'title', 'severity', 'message', 'told_at'] },
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
  {
    table: 'platform.sso_session',
    columns: ['session_id', 'user_id', 'issuer', 'subject', 'sid'],
  },
  {
    table: 'platform.sso_identity',
    columns: ['issuer', 'subject', 'user_id', 'created_at', 'last_used_at'],
  },
  {
    table: 'platform.sso_domain',
    columns: ['domain', 'token', 'proven_at', 'checked_at', 'missing_since', 'created_at'],
  },
  { table: 'platform.instance_requirement', columns: ['break_glass_user'] },
  {
    table: 'platform.sso_connection',
    columns: [
      'issuer',
      'client_id',
      'group_claim',
      'group_roles',
      'default_role',
      'is_required',
      'break_glass_user',
      'clock_skew_seconds',
      'created_at',
      'updated_at',
    ],
    withheld: { client_secret_sealed: 'a secret' },
  },
  { table: 'platform.target_acknowledgement', columns: ['version', 'user_id', 'acknowledged_at'] },
  { table: 'platform.membership', columns: ['user_id', 'role', 'created_at', 'updated_at'] },
]
