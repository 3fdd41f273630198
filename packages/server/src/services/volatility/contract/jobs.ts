import { defineJob } from '@gatehouse/kernel/jobs'
import { z } from 'zod'

/** A plan allows fewer subscriptions than there were: tells the owners of the org which are paused. */
export const subscriptionsPausedMail = defineJob({
  name: 'volatility.tell-subscriptions-paused',
  payload: z.strictObject({
    orgId: z.string(),
    plan: z.string(),
    subscriptionsMax: z.int(),
    /** Their numbers. */
    paused: z.array(z.int()),
  }),
})
