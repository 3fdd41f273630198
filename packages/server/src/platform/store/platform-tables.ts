import type { Role } from '@gatehouse/kernel/principal'
import type { DeviceClient } from '../domain/device-login.ts'
import type { Language } from '../domain/language.ts'
import type { ProofPurpose } from '../domain/mailed-proof.ts'
import type { Theme } from '../domain/preferences.ts'

export type UserRow = {
  id: string
  email: string
  name: string
  password_hash: string
  email_verified_at: Date | null
  language: Language
  chosen_language: Language | null
  time_zone: string | null
  theme: Theme
  deletion_scheduled_at: Date | null
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
  external_id: string | null
  test_of: string | null
  suspended_at: Date | null
  deletion_scheduled_at: Date | null
  erasing_at: Date | null
  erased_at: Date | null
  suspended_because: string | null
  throw_away: boolean
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

export type MailedProofRow = {
  id: string
  user_id: string
  purpose: ProofPurpose
  email: string
  digest: Buffer | null
  failures: number
  handed_by: string | null
  expires_at: Date
  created_at: Date
}

export type DeviceLoginRow = {
  id: string
  device_digest: Buffer
  user_code_digest: Buffer
  client: DeviceClient
  callback_url: string | null
  ip: string
  user_agent: string | null
  state: 'waiting' | 'approved' | 'denied'
  for_org: string | null
  decided_by: string | null
  scopes: string[] | null
  poll_seconds: number
  polled_at: Date | null
  expires_at: Date
  created_at: Date
}

export type DeviceGuessRow = { user_id: string; failures: number; expires_at: Date }

export type PlatformTables = {
  'platform.user': UserRow
  'platform.membership': MembershipRow
  'platform.invitation': InvitationRow
  'platform.registration': RegistrationRow
  'platform.setup': SetupRow
  'platform.mailed_proof': MailedProofRow
  'platform.device_login': DeviceLoginRow
  'platform.device_guess': DeviceGuessRow
  'gatehouse.org': OrgRow
}
