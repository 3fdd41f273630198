import { defineJob } from '@gatehouse/kernel/jobs'
import { z } from 'zod'

/** One attempt of one delivery. The row of the outbox is the truth; the job only wakes somebody up to look at it. */
export const deliverJob = defineJob({
  name: 'uptime.deliver',
  payload: z.strictObject({ orgId: z.string(), deliveryId: z.string() }),
})

/** Sends the mail whose link verifies a channel's address. */
export const verifyChannelJob = defineJob({
  name: 'uptime.verify-channel',
  payload: z.strictObject({ orgId: z.string(), verificationId: z.string() }),
})
