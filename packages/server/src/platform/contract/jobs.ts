import { defineJob } from '@gatehouse/kernel/jobs'
import { z } from 'zod'

// The token of a mail is made when the mail is sent, and only its digest is stored: a queued job holds no secret.
const orgId = z.uuid()

export const sendInvitation = defineJob({
  name: 'platform.send-invitation',
  payload: z.strictObject({ orgId, invitationId: z.string() }),
})

export const sendVerification = defineJob({
  name: 'platform.send-verification',
  payload: z.strictObject({ orgId, registrationId: z.string() }),
})

export const sendAccountExists = defineJob({
  name: 'platform.send-account-exists',
  payload: z.strictObject({ orgId, email: z.string() }),
})

export const sendWebhookFailing = defineJob({
  name: 'platform.send-webhook-failing',
  payload: z.strictObject({
    orgId,
    endpointId: z.string(),
    because: z.enum(['failing', 'gone']),
    percent: z.int(),
  }),
})

/** Tells the owners that the DNS record of a proven domain is missing. */
export const sendDomainMissing = defineJob({
  name: 'platform.send-domain-missing',
  payload: z.strictObject({ orgId, domain: z.string() }),
})

/** Sends the checkpoint that signed entry `seq` to the owners. */
export const sendCheckpoint = defineJob({
  name: 'platform.send-checkpoint',
  payload: z.strictObject({ orgId, seq: z.int().positive() }),
})

export const sendSessionReuse = defineJob({
  name: 'platform.send-session-reuse',
  payload: z.strictObject({ orgId, userId: z.string(), ip: z.string(), atMs: z.number() }),
})

export const sendNewDevice = defineJob({
  name: 'platform.send-new-device',
  payload: z.strictObject({
    orgId,
    userId: z.string(),
    browser: z.string(),
    system: z.string(),
    ip: z.string(),
    atMs: z.number(),
  }),
})

export const sendPasswordReset = defineJob({
  name: 'platform.send-password-reset',
  payload: z.strictObject({ orgId, proofId: z.string(), email: z.string() }),
})

export const sendPasswordChanged = defineJob({
  name: 'platform.send-password-changed',
  payload: z.strictObject({ orgId, userId: z.string(), ip: z.string(), atMs: z.number() }),
})

export const factorChanges = [
  'totp_added',
  'passkey_added',
  'factor_removed',
  'recovery_codes_renewed',
  'recovery_code_used',
] as const
export type FactorChange = (typeof factorChanges)[number]

export const sendFactorChanged = defineJob({
  name: 'platform.send-factor-changed',
  payload: z.strictObject({
    orgId,
    userId: z.string(),
    change: z.enum(factorChanges),
    ip: z.string(),
    atMs: z.number(),
  }),
})

export const sendSudoCode = defineJob({
  name: 'platform.send-sudo-code',
  payload: z.strictObject({ orgId, userId: z.string(), sessionId: z.string() }),
})

const byProof = z.strictObject({ orgId, proofId: z.string() })

export const sendAddressProof = defineJob({ name: 'platform.send-address-proof', payload: byProof })

export const sendEmailChange = defineJob({ name: 'platform.send-email-change', payload: byProof })

export const sendEmailChanged = defineJob({ name: 'platform.send-email-changed', payload: byProof })

export const sendDeletionCode = defineJob({ name: 'platform.send-deletion-code', payload: byProof })

export const sendDeletionScheduled = defineJob({
  name: 'platform.send-deletion-scheduled',
  payload: z.strictObject({ orgId, userId: z.string() }),
})

export const sendTeamDeletion = defineJob({
  name: 'platform.send-team-deletion',
  payload: z.strictObject({ orgId }),
})

export const sendDeletionBlocked = defineJob({
  name: 'platform.send-deletion-blocked',
  payload: z.strictObject({ orgId, userId: z.string(), orgs: z.string() }),
})

/** Tells a person that their password or code is being guessed. */
export const sendGuessing = defineJob({
  name: 'platform.send-guessing',
  payload: z.strictObject({ orgId, userId: z.string(), atMs: z.number() }),
})

/** Tells the owners of an org that the digests of its keys may be exposed. */
export const sendKeysExposed = defineJob({
  name: 'platform.send-keys-exposed',
  payload: z.strictObject({ orgId, keys: z.int(), atMs: z.number(), revokedAfterHours: z.int().nullable() }),
})
