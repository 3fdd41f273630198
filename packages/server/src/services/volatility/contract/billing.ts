import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { memberDoors } from '../../../service/member-doors.ts'
import { nothing } from '../../../service/shapes.ts'
import { paidPlans, subscriptionStatuses } from '../domain/subscription.ts'
import { limits } from './account.ts'
import { ms, oneOf } from './fields.ts'

const tag = 'volatility'
const readsBilling = { kind: 'key', scope: 'billing:read' } as const

export const getMyBilling = defineEndpoint({
  method: 'GET',
  path: '/v1/me/billing',
  id: 'getMyBilling',
  summary: 'Read the subscription of the organisation and the resulting plan',
  tag,
  access: readsBilling,
  reply: {
    status: 200,
    schema: z.strictObject({
      plan: z.string(),
      plan_source: z.enum(['operator', 'subscription']),
      /** The limits of that plan. */
      limits,
      subscriptions: z.array(
        z.strictObject({
          status: z.enum(subscriptionStatuses),
          plan: z.enum(paidPlans),
          /** The plan that the subscription currently gives. */
          gives: z.enum(['free', ...paidPlans]),
          period_ends_ms: ms.nullable(),
          past_due_since_ms: ms.nullable(),
          /** When the plan ends without a further event. */
          until_ms: ms.nullable(),
        }),
      ),
      /** The plans that can be paid for here. */
      offers: z.array(z.strictObject({ plan: z.enum(paidPlans), limits })),
    }),
  },
  problems: [],
})

export const startCheckout = defineEndpoint({
  method: 'POST',
  path: '/v1/me/billing/checkout',
  id: 'startCheckout',
  summary: 'Start the checkout of a plan; the reply contains the URL of the payment page',
  tag,
  access: readsBilling,
  body: z.strictObject({ plan: oneOf(paidPlans) }),
  reply: { status: 200, schema: z.strictObject({ checkout_url: z.url() }) },
  example: {
    body: { plan: 'pro' },
    reply: { checkout_url: 'https://checkout.example.com/?_ptxn=txn_01' },
  },
  problems: ['not_offered', 'payment_unavailable'],
})

export const openBillingPortal = defineEndpoint({
  method: 'POST',
  path: '/v1/me/billing/portal',
  id: 'openBillingPortal',
  summary: 'Get the URL of the billing portal, to change the payment method or cancel the plan',
  tag,
  access: readsBilling,
  body: nothing,
  reply: { status: 200, schema: z.strictObject({ portal_url: z.url() }) },
  example: { reply: { portal_url: 'https://customer-portal.example.com/cpl_01?token=pga_01' } },
  problems: ['not_offered', 'payment_unavailable'],
})

export const receivePaddle = defineEndpoint({
  method: 'POST',
  path: '/v1/billing/paddle',
  id: 'receivePaddle',
  summary: 'Receive a signed webhook event of the payment provider',
  tag,
  access: {
    kind: 'public',
    because: 'the signature proves the sender',
    limit: { name: 'paddle', by: 'ip' },
  },
  // The signature covers the body's original bytes.
  textBody: true,
  bodyBytesMax: 262_144,
  reply: { status: 200, schema: z.strictObject({ received: z.literal(true) }) },
  problems: ['signature_invalid'],
})

/** Owners can also use the first three in their session; starting a checkout and opening the provider's pages need a sudo proof. */
export const billingEndpoints = [
  getMyBilling,
  startCheckout,
  openBillingPortal,
  receivePaddle,
  ...memberDoors('volatility', { role: 'owner' }, getMyBilling),
  ...memberDoors('volatility', { role: 'owner', sudo: true }, startCheckout, openBillingPortal),
] as const
