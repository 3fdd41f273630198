import type { Generated } from 'kysely'

export type FactorTables = {
  'platform.totp_factor': {
    id: string
    user_id: string
    secret_sealed: string
    last_step: Generated<string>
    confirmed_at: Date | null
    last_used_at: Date | null
    created_at: Date
  }
  'platform.passkey': {
    id: string
    user_id: string
    name: string
    credential_id: string
    public_key: Buffer
    counter: string
    transports: string[]
    is_backed_up: boolean
    last_used_at: Date | null
    created_at: Date
  }
  'platform.recovery_code': { user_id: string; digest: Buffer; created_at: Date }
  'platform.passkey_challenge': {
    purpose: ChallengePurpose
    bound_to: string
    user_id: string
    challenge: string
    expires_at: Date
  }
  'platform.half_log_in': {
    token_digest: Buffer
    user_id: string
    for_org: string
    password_hash: string
    tries: Generated<number>
    expires_at: Date
  }
  'platform.proof_failure': { user_id: string; purpose: ProofKind; failures: number; failed_at: Date }
  'platform.sudo_code': {
    session_id: string
    user_id: string
    digest: Buffer | null
    asked_at: Date
    expires_at: Date
  }
}

export type ChallengePurpose = 'register' | 'log_in' | 'sudo'
export type ProofKind = 'sudo'
