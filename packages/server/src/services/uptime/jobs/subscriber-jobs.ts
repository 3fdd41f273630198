import { defineJob } from '@gatehouse/kernel/jobs'
import { z } from 'zod'

/** Asks an address whether it wants to be told what a status page tells, unless it has answered that. */
export const inviteSubscriberMail = defineJob({
  name: 'uptime.invite-subscriber',
  payload: z.strictObject({
    orgId: z.string(),
    serviceId: z.string(),
    email: z.string(),
    componentIds: z.array(z.string()),
    language: z.enum(['en', 'ja']),
  }),
})

/** Removes a subscriber that nothing reaches. */
export const subscriberLostJob = defineJob({
  name: 'uptime.subscriber-lost',
  payload: z.strictObject({ orgId: z.string(), subscriberId: z.string(), result: z.string() }),
})
