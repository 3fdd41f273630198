import { defineJob } from '@gatehouse/kernel/jobs'
import { z } from 'zod'

/** One attempt of one delivery. The row of the outbox is the truth; the job only wakes somebody up to look at it. */
export const deliverJob = defineJob({
  name: 'uptime.deliver',
  payload: z.strictObject({ orgId: z.string(), deliveryId: z.string() }),
})

/** Says once more that an incident is still open and nobody has taken it. */
export const remindJob = defineJob({
  name: 'uptime.remind',
  payload: z.strictObject({ orgId: z.string(), incidentId: z.string() }),
})

/** Tells the owners of an org by mail that notices do not get through. */
export const tellOwnersJob = defineJob({
  name: 'uptime.tell-owners',
  payload: z.strictObject({
    orgId: z.string(),
    channelName: z.string(),
    event: z.string(),
    result: z.string(),
    deactivated: z.boolean(),
  }),
})

export type DeliveryFailure = Omit<z.output<typeof tellOwnersJob.payload>, 'orgId'>

/** Sends the mail whose link verifies a channel's address. */
export const verifyChannelJob = defineJob({
  name: 'uptime.verify-channel',
  payload: z.strictObject({ orgId: z.string(), verificationId: z.string() }),
})
