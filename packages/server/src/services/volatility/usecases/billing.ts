import { randomUUID } from 'node:crypto'
import { within } from '@gatehouse/kernel/db'
import type { ReplyOf } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import { z } from 'zod'
import { makeClaim } from '../billing/claim.ts'
import type { getMyBilling, startCheckout } from '../contract/billing.ts'
import type { VolatilityDeps } from '../deps.ts'
import { type PaidPlan, planOf } from '../domain/subscription.ts'
import { problems } from '../problems.ts'
import { listSubscriptions } from '../store/billing-store.ts'
import { askPaddle } from './ask-paddle.ts'
import { planOfOrg } from './plan-of-org.ts'

type Deps = Pick<VolatilityDeps, 'billing' | 'clock' | 'db' | 'deriveKey' | 'egress' | 'log'>

/** What the org pays for. Nothing of it names anything at the payment provider. */
export async function readBilling(deps: Deps, principal: Principal): Promise<ReplyOf<typeof getMyBilling>> {
  const nowMs = deps.clock.now()
  return within(deps, principal, async (tx) => {
    const { name, source } = await planOfOrg(deps, tx)
    const subscriptions = await listSubscriptions(tx)
    return {
      plan: name,
      plan_source: source,
      subscriptions: subscriptions.map((one) => {
        const now = planOf(one, nowMs)
        return {
          status: one.status,
          plan: one.plan,
          gives: now.plan,
          period_ends_ms: one.periodEndsMs,
          past_due_since_ms: one.pastDueSinceMs,
          until_ms: now.untilMs,
        }
      }),
    }
  })
}

const answer = z.object({ data: z.object({ checkout: z.object({ url: z.url() }) }) })
/**
 * Starts a purchase at the payment provider. It carries a claim of ours, by which the subscription that comes of it finds
 * its org: nobody else can attach one to an org, or end it.
 */
export async function beginCheckout(
  deps: Deps,
  principal: Principal,
  plan: PaidPlan,
): Promise<ReplyOf<typeof startCheckout>> {
  const { billing, egress, deriveKey, log } = deps
  const price = [...billing.prices].find(([, bought]) => bought === plan)?.[0]
  if (billing.apiKey === undefined || price === undefined) throw problems.not_offered()
  const body = JSON.stringify({
    items: [{ price_id: price, quantity: 1 }],
    custom_data: makeClaim(deriveKey, principal.orgId, randomUUID()),
  })
  const asked = await askPaddle({ billing, egress }, principal.orgId, { path: '/transactions', body })
  if (asked.isAnswered) {
    const parsed = answer.safeParse(asked.json)
    if (asked.status < 300 && parsed.success) return { checkout_url: parsed.data.data.checkout.url }
    log.error('The payment provider did not start a checkout', { status: asked.status })
  } else log.error('The payment provider could not be reached', { code: asked.code })
  throw problems.payment_unavailable({ retryAfterSeconds: 30 })
}
