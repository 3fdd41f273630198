import { decideAsSystem } from '@gatehouse/kernel/audit'
import { asGate, within } from '@gatehouse/kernel/db'
import { instanceOrgId, type SystemPrincipal } from '@gatehouse/kernel/principal'
import { readClaim } from '../billing/claim.ts'
import { type PaddleEvent, parsePaddleEvent } from '../billing/parse-paddle-event.ts'
import { verifyPaddleSignature } from '../billing/verify-paddle-signature.ts'
import type { VolatilityDeps } from '../deps.ts'
import { bestPlan, foldSubscription, inOrder } from '../domain/subscription.ts'
import { problems } from '../problems.ts'
import {
  announcePlan,
  bindSubscription,
  type Disposition,
  findSubscriptionOwner,
  insertEvent,
  isEventKnown,
  isSubscriptionOwn,
  listSubscriptionEvents,
  listSubscriptions,
  lockSubscription,
  setSubscription,
} from '../store/billing-store.ts'
import { fitSubscriptions } from './fit-subscriptions.ts'

type Deps = Pick<VolatilityDeps, 'audit' | 'billing' | 'clock' | 'db' | 'deriveKey' | 'log' | 'sealer'>

/**
 * Takes one event of the payment provider. It is known by its id and takes effect once; of one subscription the newest
 * counts, whichever order they come in. A subscription belongs to the org whose claim came first; until then its events
 * are the instance's own and change nothing.
 */
export async function receivePaddleEvent(
  deps: Deps,
  body: string,
  signature: string | undefined,
): Promise<void> {
  const { billing, clock } = deps
  if (!verifyPaddleSignature(signature, body, billing.webhookSecrets, clock.now()))
    throw problems.signature_invalid()
  const event = parsePaddleEvent(body)
  if (event === undefined) {
    if (body.includes('"subscription.')) deps.log.error('An event of a subscription cannot be read', {})
    return
  }
  const claimed = readClaim(deps.deriveKey, event.customData)
  const owner = (await findOwner(deps, event)) ?? claimed
  if (owner !== undefined) return apply(deps, owner, event, body)
  await quarantine(deps, event, body)
  // Its subscription may have been claimed by another event meanwhile, which then did not see this one.
  const found = await findOwner(deps, event)
  if (found !== undefined) await adopt(deps, found, event.subscriptionId)
}

function findOwner(deps: Deps, { subscriptionId }: PaddleEvent): Promise<string | undefined> {
  return asGate(deps, (tx) => findSubscriptionOwner(tx, subscriptionId))
}

async function apply(deps: Deps, orgId: string, event: PaddleEvent, body: string): Promise<void> {
  const owner = await settle(deps, orgId, event, body).catch(async (error: unknown) => {
    if (!(error instanceof OwnedByAnother)) throw error
    const found = await findOwner(deps, event)
    if (found === undefined) throw new Error('A subscription cannot lose its owner', { cause: error })
    return settle(deps, found, event, body)
  })
  // Every time: a node that ended after it bound the subscription has left this to the next event, or the same one again.
  await adopt(deps, owner, event.subscriptionId)
}

/** Another org's claim came first; nothing of the transaction stands. */
class OwnedByAnother extends Error {
  override readonly name = 'OwnedByAnother'
}

/** Gives the org what had come of its subscription before anybody claimed it. */
async function adopt(deps: Deps, orgId: string, subscriptionId: string): Promise<void> {
  const waiting = await within(deps, toSystem(instanceOrgId), (tx) =>
    listSubscriptionEvents(tx, subscriptionId),
  )
  for (const { sealedBody, ...event } of waiting) {
    const body = deps.sealer.open(toPlace(instanceOrgId, event.eventId), sealedBody).reveal()
    await settle(deps, orgId, { ...event, customData: undefined }, body)
  }
}

/** The event, what its subscription is after it, and the entry of both commit together. Returns whose it is. */
async function settle(deps: Deps, orgId: string, event: PaddleEvent, body: string): Promise<string> {
  const { billing, clock, sealer, log } = deps
  const nowMs = clock.now()
  const { subscriptionId } = event
  return decideAsSystem(deps, toSystem(orgId), async (tx, decide) => {
    await lockSubscription(tx, subscriptionId)
    if (await isEventKnown(tx, event.eventId)) return orgId
    const isOwn = await isSubscriptionOwn(tx, subscriptionId)
    const known = await listSubscriptionEvents(tx, subscriptionId)
    const state = foldSubscription([...known, event], billing.prices)
    const isUnknown = foldSubscription([event], billing.prices) === undefined
    const isNewest = known.every((other) => inOrder(other, event) < 0)
    const disposition: Disposition = isUnknown ? 'unknown_price' : isNewest ? 'applied' : 'superseded'
    const others = (await listSubscriptions(tx)).filter(({ id }) => id !== subscriptionId)
    const before = bestPlan(await listSubscriptions(tx), nowMs).plan
    const after = bestPlan(state === undefined ? others : [...others, state], nowMs).plan
    if (isUnknown) log.error('A payment names a price that no plan has: GATEHOUSE_PADDLE_PRICES', { orgId })
    const audited = await decide({
      action: 'billing.event',
      detail: { type: event.type, status: event.status, disposition, planBefore: before, plan: after },
      at: nowMs,
    })
    if (!isOwn && !(await bindSubscription(audited, subscriptionId, nowMs))) throw new OwnedByAnother()
    const sealedBody = sealer.seal(toPlace(orgId, event.eventId), body)
    await insertEvent(audited, { ...event, sealedBody }, disposition, nowMs)
    if (state !== undefined) await setSubscription(audited, subscriptionId, state)
    if (before !== after) await announcePlan(audited)
    const fitted = await fitSubscriptions(deps, audited)
    if (fitted !== undefined) await decide(fitted)
    return orgId
  })
}

async function quarantine(deps: Deps, event: PaddleEvent, body: string): Promise<void> {
  const nowMs = deps.clock.now()
  await decideAsSystem(deps, toSystem(instanceOrgId), async (tx, decide) => {
    await lockSubscription(tx, event.subscriptionId)
    if (await isEventKnown(tx, event.eventId)) return
    const audited = await decide({
      action: 'billing.quarantine',
      detail: { type: event.type, status: event.status },
      at: nowMs,
    })
    const sealedBody = deps.sealer.seal(toPlace(instanceOrgId, event.eventId), body)
    await insertEvent(audited, { ...event, sealedBody }, 'quarantined', nowMs)
  })
}

function toPlace(orgId: string, eventId: string) {
  return { orgId, table: 'volatility.paddle_event', column: 'sealed_body', row: eventId }
}

function toSystem(orgId: string): SystemPrincipal {
  return { kind: 'system', orgId, because: 'payment event' }
}
