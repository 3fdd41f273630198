import type { Role } from '@gatehouse/kernel/principal'
import type { GroupRole } from '../domain/single-sign-on.ts'

export type SsoTables = {
  'platform.sso_connection': {
    org_id: string
    issuer: string
    client_id: string
    client_secret_sealed: string
    group_claim: string | null
    group_roles: readonly GroupRole[]
    default_role: Role | null
    is_required: boolean
    break_glass_user: string | null
    clock_skew_seconds: number
    created_at: Date
    updated_at: Date
  }
  'platform.instance_requirement': { org_id: string; break_glass_user: string }
  'platform.sso_requirement': { org_id: string; break_glass_user: string }
  'platform.sso_domain': {
    org_id: string
    domain: string
    token: string
    proven_at: Date | null
    checked_at: Date | null
    missing_since: Date | null
    created_at: Date
  }
  'platform.sso_identity': {
    org_id: string
    issuer: string
    subject: string
    user_id: string
    created_at: Date
    last_used_at: Date
  }
  'platform.sso_session': {
    org_id: string
    session_id: string
    user_id: string
    issuer: string
    subject: string
    sid: string | null
  }
  'platform.sso_flow': {
    digest: Buffer
    for_org: string
    issuer: string
    session_id: string | null
    user_id: string | null
    ticket_digest: Buffer | null
    expires_at: Date
  }
  'platform.sso_proof': { ticket_digest: Buffer; session_id: string; user_id: string; expires_at: Date }
  'platform.sso_logout_token': { for_org: string; digest: Buffer; expires_at: Date }
}
