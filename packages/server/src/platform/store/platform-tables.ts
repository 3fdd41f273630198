import type { Role } from '@gatehouse/kernel/principal'
import type { Language } from '../domain/language.ts'

export type UserRow = {
  id: string
  email: string
  name: string
  password_hash: string
  email_verified_at: Date | null
  language: Language
  time_zone: string
  created_at: Date
  updated_at: Date
}

export type MembershipRow = {
  org_id: string
  user_id: string
  role: Role
  created_at: Date
  updated_at: Date
}

export type OrgRow = {
  org_id: string
  name: string
  slug: string
  plan: string
  allowed_origins: string[]
  suspended_at: Date | null
  created_at: Date
  updated_at: Date
}

export type InvitationRow = {
  org_id: string
  id: string
  email: string | null
  role: Role
  token_digest: Buffer
  mailed_token_digest: Buffer | null
  invited_by: string
  expires_at: Date
  created_at: Date
}

export type RegistrationRow = {
  id: string
  email: string
  name: string
  org_name: string
  language: Language
  password_hash: string
  token_digest: Buffer | null
  expires_at: Date
  created_at: Date
}

export type SetupRow = {
  singleton: boolean
  token_digest: Buffer | null
  expires_at: Date | null
  closed_at: Date | null
}

export type PlatformTables = {
  'platform.user': UserRow
  'platform.membership': MembershipRow
  'platform.invitation': InvitationRow
  'platform.registration': RegistrationRow
  'platform.setup': SetupRow
  'gatehouse.org': OrgRow
}
