import { defineJob } from '@gatehouse/kernel/jobs'
import { z } from 'zod'

/** Reminds that an incident is still open and nobody has taken it. */
export const remindJob = defineJob({
  name: 'uptime.remind',
  payload: z.strictObject({ orgId: z.string(), incidentId: z.string() }),
})

const failure = z.strictObject({ orgId: z.string(), channelId: z.string(), result: z.string() })

/** Disables a channel that failed too often. */
export const channelFailedJob = defineJob({ name: 'uptime.channel-failed', payload: failure })

/** Mails the owners of the organisation that a notification was given up. */
export const channelFailedMail = defineJob({
  name: 'uptime.tell-channel-failed',
  payload: failure.extend({ event: z.string(), deactivates: z.boolean() }),
})

/** Asks an address to confirm that it wants a channel's notifications. */
export const verifyChannelMail = defineJob({
  name: 'uptime.verify-channel',
  payload: z.strictObject({ orgId: z.string(), verificationId: z.string() }),
})
