import type { PersonalTable } from '@gatehouse/kernel/db'

const gate = { holds: 'id', readIn: 'gate' } as const
const invitation = {
  table: 'platform.invitation',
  columns: ['org_id', 'id', 'email', 'role', 'expires_at', 'created_at'],
} as const

/** What the platform keeps about a person. */
export const personalTables: readonly PersonalTable[] = [
  {
    ...gate,
    table: 'platform.user',
    person: 'id',
    columns: [
      'id',
      'email',
      'name',
      'email_verified_at',
      'language',
      'time_zone',
      'deletion_scheduled_at',
      'first_session_at',
      'created_at',
      'updated_at',
    ],
  },
  {
    ...gate,
    table: 'platform.membership',
    person: 'user_id',
    columns: ['org_id', 'role', 'created_at', 'updated_at'],
  },
  { ...gate, ...invitation, person: 'invited_by' },
  { ...gate, ...invitation, person: 'email', holds: 'email' },
  {
    ...gate,
    table: 'platform.registration',
    person: 'email',
    holds: 'email',
    columns: ['id', 'email', 'name', 'org_name', 'language', 'expires_at', 'created_at'],
  },
  {
    ...gate,
    table: 'platform.mailed_proof',
    person: 'user_id',
    columns: ['id', 'purpose', 'email', 'failures', 'handed_by', 'expires_at', 'created_at'],
  },
  {
    ...gate,
    table: 'platform.device_login',
    person: 'decided_by',
    columns: [
      'id',
      'client',
      'callback_url',
      'ip',
      'user_agent',
      'state',
      'for_org',
      'scopes',
      'expires_at',
      'created_at',
    ],
  },
  {
    ...gate,
    table: 'platform.known_device',
    person: 'user_id',
    columns: ['browser', 'system', 'network', 'last_seen_at'],
  },
  {
    ...gate,
    table: 'platform.security_notice_seen',
    person: 'user_id',
    columns: ['org_id', 'notice_id', 'seen_at'],
  },
  { ...gate, table: 'platform.device_guess', person: 'user_id', columns: ['failures', 'expires_at'] },
  {
    ...gate,
    table: 'platform.totp_factor',
    person: 'user_id',
    columns: ['id', 'confirmed_at', 'last_used_at', 'created_at'],
  },
  {
    ...gate,
    table: 'platform.passkey',
    person: 'user_id',
    columns: ['id', 'name', 'credential_id', 'transports', 'is_backed_up', 'last_used_at', 'created_at'],
  },
  { ...gate, table: 'platform.passkey_challenge', person: 'user_id', columns: ['purpose', 'expires_at'] },
  { ...gate, table: 'platform.recovery_code', person: 'user_id', columns: ['created_at'] },
  {
    ...gate,
    table: 'platform.half_log_in',
    person: 'user_id',
    columns: ['for_org', 'tries', 'arrival', 'expires_at'],
  },
  {
    ...gate,
    table: 'platform.sso_identity',
    person: 'user_id',
    columns: ['org_id', 'issuer', 'subject', 'created_at', 'last_used_at'],
  },
  {
    ...gate,
    table: 'platform.sso_session',
    person: 'user_id',
    columns: ['org_id', 'session_id', 'issuer', 'subject', 'sid'],
  },
  { ...gate, table: 'platform.sso_connection', person: 'break_glass_user', columns: ['org_id'] },
  { ...gate, table: 'platform.instance_requirement', person: 'break_glass_user', columns: ['org_id'] },
  { ...gate, table: 'platform.sso_flow', person: 'user_id', columns: ['for_org', 'issuer', 'expires_at'] },
  { ...gate, table: 'platform.sso_link', person: 'user_id', columns: ['for_org', 'arrival', 'expires_at'] },
  { ...gate, table: 'platform.sso_proof', person: 'user_id', columns: ['session_id', 'expires_at'] },
  {
    ...gate,
    table: 'platform.guess',
    person: 'user_id',
    columns: ['purpose', 'place', 'failures', 'began_at', 'failed_at', 'held_until', 'told_at'],
  },
  {
    ...gate,
    table: 'platform.proof_failure',
    person: 'user_id',
    columns: ['purpose', 'failures', 'failed_at'],
  },
  {
    ...gate,
    table: 'platform.sudo_code',
    person: 'user_id',
    columns: ['session_id', 'asked_at', 'expires_at'],
  },
]
