import { defineJob } from '@gatehouse/kernel/jobs'
import { z } from 'zod'

/** Says once more that an incident is still open and nobody has taken it. */
export const remindJob = defineJob({
  name: 'uptime.remind',
  payload: z.strictObject({ orgId: z.string(), incidentId: z.string() }),
})

const failure = z.strictObject({ orgId: z.string(), channelId: z.string(), result: z.string() })

/** A channel failed too often: switches it off. */
export const channelFailedJob = defineJob({ name: 'uptime.channel-failed', payload: failure })

/** A notice was given up: tells the owners of the org. */
export const channelFailedMail = defineJob({
  name: 'uptime.tell-channel-failed',
  payload: failure.extend({ event: z.string(), deactivates: z.boolean() }),
})

/** Asks an address whether it wants the notices of a channel. */
export const verifyChannelMail = defineJob({
  name: 'uptime.verify-channel',
  payload: z.strictObject({ orgId: z.string(), verificationId: z.string() }),
})
