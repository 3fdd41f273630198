import type { RetentionRow } from '@gatehouse/kernel/retention'
import { policy } from './policy.ts'
import { clearExpiredSetup, findSetupExpiry } from './store/setup-store.ts'

const atExpiry = {
  time: 'expires_at',
  kept: 'until expiry',
  as: 'gate',
  how: { by: 'delete' },
  source: 'Manako: nothing that proves a person outlives its use',
} as const

/** How long the platform's tables keep what is in them. */
export const platformRetention: readonly RetentionRow[] = [
  { ...atExpiry, what: 'registrations that were never proven', table: 'platform.registration' },
  { ...atExpiry, what: 'mailed proofs', table: 'platform.mailed_proof' },
  { ...atExpiry, what: 'invitations', table: 'platform.invitation' },
  { ...atExpiry, what: 'log-ins of devices', table: 'platform.device_login' },
  { ...atExpiry, what: 'wrong codes of devices', table: 'platform.device_guess' },
  { ...atExpiry, what: 'log-ins without their second factor', table: 'platform.half_log_in' },
  { ...atExpiry, what: 'challenges of passkeys', table: 'platform.passkey_challenge' },
  { ...atExpiry, what: 'mailed sudo codes', table: 'platform.sudo_code' },
  {
    what: 'failed proofs',
    table: 'platform.proof_failure',
    time: 'failed_at',
    kept: { minutes: policy.proofLockMinutes },
    as: 'gate',
    how: { by: 'delete' },
    source: 'kernel.md S7: as long as they lock',
  },
  {
    ...atExpiry,
    what: 'the link for the first owner',
    table: 'platform.setup',
    how: { by: 'call', cut: clearExpiredSetup, findOldest: findSetupExpiry },
  },
  {
    what: 'calls per day',
    table: 'platform.usage_day',
    time: 'day',
    kept: { days: policy.usageDaysMax },
    as: 'writer',
    how: { by: 'delete' },
    source: 'kernel.md A6: as long as the calls themselves',
  },
  {
    what: 'hours of unusual usage',
    table: 'platform.usage_anomaly',
    time: 'day',
    kept: { days: policy.usageDaysMax },
    as: 'writer',
    how: { by: 'delete' },
    source: 'kernel.md A6: as long as the calls themselves',
  },
  {
    what: 'devices that people logged in from',
    table: 'platform.known_device',
    time: 'last_seen_at',
    kept: { days: policy.knownDeviceDays },
    as: 'gate',
    how: { by: 'delete' },
    source: 'platform.md: a new device is told by mail',
  },
  { table: 'platform.usage_progress', lasts: 'life of the instance' },
  { table: 'platform.membership', lasts: 'life of the org' },
  { table: 'platform.user', lasts: 'life of the person' },
  { table: 'platform.totp_factor', lasts: 'life of the person' },
  { table: 'platform.passkey', lasts: 'life of the person' },
  { table: 'platform.recovery_code', lasts: 'life of the person' },
]
