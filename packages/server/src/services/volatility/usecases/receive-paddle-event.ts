import { createHmac } from 'node:crypto'
import { decideAsSystem } from '@gatehouse/kernel/audit'
import { asGate, within } from '@gatehouse/kernel/db'
import { instanceOrgId, type SystemPrincipal } from '@gatehouse/kernel/principal'
import { readClaim } from '../billing/claim.ts'
import { type PaddleEvent, parsePaddleEvent, type UnreadEvent } from '../billing/parse-paddle-event.ts'
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
  insertUnreadEvent,
  isEventKnown,
  isOrgAlive,
  isSubscriptionOwn,
  listSubscriptionEvents,
  listSubscriptions,
  lockEvent,
  lockSubscription,
  setSubscription,
  type UnreadDisposition,
} from '../store/billing-store.ts'
import { fitSubscriptions } from './fit-subscriptions.ts'

type Deps = Pick<VolatilityDeps, 'audit' | 'billing' | 'clock' | 'db' | 'deriveKey' | 'log' | 'sealer'>

/** Takes one event sent by the payment provider. Throws `signature_invalid` without a valid signature. */
export async function receivePaddleEvent(
  deps: Deps,
  body: string,
  signature: string | undefined,
): Promise<void> {
  const { billing, clock } = deps
  if (!verifyPaddleSignature(signature, body, billing.webhookSecrets, clock.now()))
    throw problems.signature_invalid()
  await takePaddleEvent(deps, body)
}

/**
 * Takes one authenticated event of the payment provider. Idempotent by event id; the newest event of a subscription
 * determines its state, whatever the order of arrival. A subscription belongs to the first organisation that claims
 * it; until then its events belong to the instance and have no effect. The same holds for claims of erased
 * organisations and for unreadable events. Returns whether the event was new.
 */
export async function takePaddleEvent(deps: Deps, body: string): Promise<boolean> {
  const parsed = parsePaddleEvent(body)
  if (parsed.kind !== 'subscription') return keep(deps, parsed.kind, parsed, body)
  const { event } = parsed
  const owner = (await findOwner(deps, event)) ?? (await findClaimed(deps, event))
  if (owner !== undefined) return apply(deps, owner, event, body)
  const isNew = await quarantine(deps, event, body)
  // Another event may have claimed the subscription concurrently, without seeing this one.
  const found = await findOwner(deps, event)
  if (found !== undefined) await adopt(deps, found, event.subscriptionId)
  return isNew
}

async function findOwner(deps: Deps, { subscriptionId }: PaddleEvent): Promise<string | undefined> {
  return asGate(deps, async (tx) => {
    const orgId = await findSubscriptionOwner(tx, subscriptionId)
    return orgId !== undefined && (await isOrgAlive(tx, orgId)) ? orgId : undefined
  })
}

async function findClaimed(deps: Deps, { customData }: PaddleEvent): Promise<string | undefined> {
  const orgId = readClaim(deps.deriveKey, customData)
  if (orgId === undefined) return undefined
  return (await asGate(deps, (tx) => isOrgAlive(tx, orgId))) ? orgId : undefined
}

async function apply(deps: Deps, orgId: string, event: PaddleEvent, body: string): Promise<boolean> {
  const settled = await settle(deps, orgId, event, body).catch(async (error: unknown) => {
    if (!(error instanceof OwnedByAnother)) throw error
    const found = await findOwner(deps, event)
    return found === undefined ? undefined : settle(deps, found, event, body)
  })
  // Its owner is being erased; the claim of this event does not make another owner.
  if (settled === undefined) return quarantine(deps, event, body)
  // Done every time, because a node may have ended after binding the subscription; then the next event, or a repeat,
  // completes it.
  await adopt(deps, settled.owner, event.subscriptionId)
  return settled.isNew
}

/** Another organisation's claim came first; the transaction is rolled back. */
class OwnedByAnother extends Error {
  override readonly name = 'OwnedByAnother'
}

/** Gives the organisation the events of its subscription that arrived before it was claimed. */
async function adopt(deps: Deps, orgId: string, subscriptionId: string): Promise<void> {
  const waiting = await within(deps, toSystem(instanceOrgId), (tx) =>
    listSubscriptionEvents(tx, subscriptionId),
  )
  for (const { sealedBody, ...event } of waiting) {
    const body = deps.sealer.open(toPlace(instanceOrgId, event.eventId), sealedBody).reveal()
    await settle(deps, orgId, { ...event, customData: undefined }, body)
  }
}

type Settled = { readonly owner: string; readonly isNew: boolean }

/** Commits the event, the resulting state of its subscription and the audit entry together. Returns the owner. */
async function settle(deps: Deps, orgId: string, event: PaddleEvent, body: string): Promise<Settled> {
  const { billing, clock, sealer, log } = deps
  const nowMs = clock.now()
  const { subscriptionId } = event
  return decideAsSystem(deps, toSystem(orgId), async (tx, decide) => {
    await lockSubscription(tx, subscriptionId)
    if (await isEventKnown(tx, event.eventId)) return { owner: orgId, isNew: false }
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
    return { owner: orgId, isNew: true }
  })
}

async function quarantine(deps: Deps, event: PaddleEvent, body: string): Promise<boolean> {
  const nowMs = deps.clock.now()
  return decideAsSystem(deps, toSystem(instanceOrgId), async (tx, decide) => {
    await lockSubscription(tx, event.subscriptionId)
    if (await isEventKnown(tx, event.eventId)) return false
    const audited = await decide({
      action: 'billing.quarantine',
      detail: { type: event.type, status: event.status },
      at: nowMs,
    })
    const sealedBody = deps.sealer.seal(toPlace(instanceOrgId, event.eventId), body)
    await insertEvent(audited, { ...event, sealedBody }, 'quarantined', nowMs)
    return true
  })
}

/** Stores an event without effect, for the operator to inspect. */
async function keep(
  deps: Deps,
  disposition: UnreadDisposition,
  { eventId, type, occurredAt }: UnreadEvent,
  body: string,
): Promise<boolean> {
  const nowMs = deps.clock.now()
  const id = eventId ?? nameBody(deps, body)
  if (disposition === 'unreadable') deps.log.error('A payment event cannot be read', {})
  return decideAsSystem(deps, toSystem(instanceOrgId), async (tx, decide) => {
    await lockEvent(tx, id)
    if (await isEventKnown(tx, id)) return false
    const audited = await decide({
      action: 'billing.quarantine',
      detail: { type: type ?? null, disposition },
      at: nowMs,
    })
    const sealedBody = deps.sealer.seal(toPlace(instanceOrgId, id), body)
    await insertUnreadEvent(audited, { eventId: id, type, occurredAt, sealedBody }, disposition, nowMs)
    return true
  })
}

/** An event without a readable id is identified by a keyed hash of its bytes, which reveals nothing about them. */
function nameBody({ deriveKey }: Deps, body: string): string {
  const derived = deriveKey('gatehouse.paddle-body.v1')
  if (derived === undefined) throw new Error('There is no master key')
  return `body_${createHmac('sha256', derived.key).update(body).digest('hex')}`
}

function toPlace(orgId: string, eventId: string) {
  return { orgId, table: 'volatility.paddle_event', column: 'sealed_body', row: eventId }
}

function toSystem(orgId: string): SystemPrincipal {
  return { kind: 'system', orgId, because: 'payment event' }
}
