import { randomUUID } from 'node:crypto'
import { within } from '@gatehouse/kernel/db'
import type { ReplyOf } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import { z } from 'zod'
import { makeClaim } from '../billing/claim.ts'
import type { getMyBilling, openBillingPortal, startCheckout } from '../contract/billing.ts'
import type { VolatilityDeps } from '../deps.ts'
import { inOrder, type PaidPlan, paidPlans, planOf } from '../domain/subscription.ts'
import { volatilityPlans } from '../plans.ts'
import { problems } from '../problems.ts'
import { listSubscriptions } from '../store/billing-store.ts'
import { askPaddle } from './ask-paddle.ts'
import { planOfOrg } from './plan-of-org.ts'
import { toWireLimits } from './wire-limits.ts'

type Deps = Pick<VolatilityDeps, 'billing' | 'clock' | 'db' | 'deriveKey' | 'egress' | 'log'>

/** The organisation's payments, without identifiers of the payment provider. */
export async function readBilling(deps: Deps, principal: Principal): Promise<ReplyOf<typeof getMyBilling>> {
  const nowMs = deps.clock.now()
  return within(deps, principal, async (tx) => {
    const { name, source, limits } = await planOfOrg(deps, tx)
    const subscriptions = await listSubscriptions(tx)
    return {
      plan: name,
      plan_source: source,
      limits: toWireLimits(limits),
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
      offers: paidPlans
        .filter((plan) => priceOf(deps, plan) !== undefined)
        .map((plan) => ({ plan, limits: toWireLimits(volatilityPlans[plan]) })),
    }
  })
}

/** The price of a plan at the payment provider; undefined if the plan cannot be bought. */
function priceOf({ billing }: Pick<Deps, 'billing'>, plan: PaidPlan): string | undefined {
  if (billing.apiKey === undefined) return undefined
  return [...billing.prices].find(([, bought]) => bought === plan)?.[0]
}

/** People are sent there. */
const page = z.url({ protocol: /^https$/ })
const startedCheckout = z.object({ data: z.object({ checkout: z.object({ url: page }) }) })
/**
 * Starts a purchase at the payment provider. It carries a signed claim that ties the resulting subscription to the
 * organisation, so that nobody else can attach or end one.
 */
export async function beginCheckout(
  deps: Deps,
  principal: Principal,
  plan: PaidPlan,
): Promise<ReplyOf<typeof startCheckout>> {
  const { deriveKey } = deps
  const price = priceOf(deps, plan)
  if (price === undefined) throw problems.not_offered()
  const body = JSON.stringify({
    items: [{ price_id: price, quantity: 1 }],
    custom_data: makeClaim(deriveKey, principal.orgId, randomUUID()),
  })
  const { data } = await askFor(deps, principal.orgId, { path: '/transactions', body }, startedCheckout)
  return { checkout_url: data.checkout.url }
}

const knownSubscription = z.object({ data: z.object({ customer_id: z.string().regex(/^[\w-]{1,80}$/) }) })
const openedPortal = z.object({
  data: z.object({ urls: z.object({ general: z.object({ overview: page }) }) }),
})

/**
 * Opens the payment provider's own pages for the organisation's newest subscription, where its card can be changed,
 * invoices downloaded and the plan cancelled. The results arrive as events.
 */
export async function openPortal(
  deps: Deps,
  principal: Principal,
): Promise<ReplyOf<typeof openBillingPortal>> {
  const { orgId } = principal
  if (deps.billing.apiKey === undefined) throw problems.not_offered()
  const subscriptions = await within(deps, principal, listSubscriptions)
  const newest = subscriptions.toSorted(inOrder).at(-1)
  if (newest === undefined)
    throw problems.not_offered({ detail: 'The organisation has no subscription that could be changed' })
  const subscriptionPath = `/subscriptions/${encodeURIComponent(newest.id)}`
  const { data: bought } = await askFor(deps, orgId, { path: subscriptionPath }, knownSubscription)
  const { data: portal } = await askFor(
    deps,
    orgId,
    {
      path: `/customers/${bought.customer_id}/portal-sessions`,
      body: JSON.stringify({ subscription_ids: [newest.id] }),
    },
    openedPortal,
  )
  return { portal_url: portal.urls.general.overview }
}

/** Asks the payment provider and parses its reply; throws `payment_unavailable` if there is no valid one. */
async function askFor<T>(
  { billing, egress, log }: Deps,
  orgId: string,
  question: { readonly path: string; readonly body?: string },
  schema: z.ZodType<T>,
): Promise<T> {
  const asked = await askPaddle({ billing, egress }, orgId, question)
  if (asked.isAnswered) {
    const parsed = schema.safeParse(asked.json)
    if (asked.status < 300 && parsed.success) return parsed.data
    log.error('The payment provider did not do what it was asked for', { status: asked.status })
  } else log.error('The payment provider could not be reached', { code: asked.code })
  throw problems.payment_unavailable({ retryAfterSeconds: 30 })
}
