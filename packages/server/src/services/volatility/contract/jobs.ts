import { defineJob } from '@gatehouse/kernel/jobs'
import { z } from 'zod'

/** Mails the owners of an organisation which subscriptions were paused because the plan allows fewer. */
export const subscriptionsPausedMail = defineJob({
  name: 'volatility.tell-subscriptions-paused',
  payload: z.strictObject({
    orgId: z.string(),
    plan: z.string(),
    subscriptionsMax: z.int(),
    /** The numbers of the paused subscriptions. */
    paused: z.array(z.int()),
  }),
})
