import { defineJob } from '@gatehouse/kernel/jobs'
import { z } from 'zod'

// A mail's token is made when the mail is sent, and only its digest is stored: a queued job holds no secret.
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

export const sendSessionReuse = defineJob({
  name: 'platform.send-session-reuse',
  payload: z.strictObject({ orgId, userId: z.string(), ip: z.string(), atMs: z.number() }),
})
