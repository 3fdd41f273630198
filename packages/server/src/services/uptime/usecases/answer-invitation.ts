import { mutate } from '@gatehouse/kernel/audit'
import { asGate, within } from '@gatehouse/kernel/db'
import type { SystemPrincipal } from '@gatehouse/kernel/principal'
import { findPlan } from '../../../service/find-plan.ts'
import type { UptimeDeps } from '../deps.ts'
import { plans } from '../plans.ts'
import { lockPlan } from '../store/plan-store.ts'
import {
  countSubscribers,
  deleteSubscriber,
  findSubscriber,
  findSubscriberByToken,
  setConfirmed,
  type Subscriber,
} from '../store/subscriber-store.ts'
import { digestToken } from './heartbeat-token.ts'

type Deps = Pick<UptimeDeps, 'db' | 'clock' | 'audit'>

/** `open`: waits for an answer. `confirmed`: has one. `ended`: there is no such subscription, or its time is over. */
export type SubscriptionState = 'open' | 'confirmed' | 'ended'

/** The state of the subscription that a link belongs to; asked before a page with a button is shown. */
export async function findSubscription(deps: Omit<Deps, 'audit'>, token: string): Promise<SubscriptionState> {
  const link = await findLink(deps, token)
  if (link === undefined) return 'ended'
  return toState(await within(deps, link.principal, (tx) => findSubscriber(tx, link.id)), deps.clock.now())
}

/** Whoever presses the button reads the mailbox, and so decides. Pressing it twice is pressing it once. */
export async function confirmSubscription(deps: Deps, token: string): Promise<SubscriptionState | 'full'> {
  const link = await findLink(deps, token)
  if (link === undefined) return 'ended'
  const { principal, id } = link
  const state = await findSubscription(deps, token)
  if (state !== 'open') return state
  return mutate<SubscriptionState | 'full'>(deps, principal, async (tx) => {
    const now = deps.clock.now()
    // Locked, so that confirmations at the same time are counted one after the other.
    const { subscribersMax } = findPlan(plans, await lockPlan(tx))
    const subscriber = await findSubscriber(tx, id)
    const entry = {
      action: 'status_page.subscribe',
      resourceId: subscriber?.serviceId ?? id,
      detail: { subscriberId: id },
      at: now,
    }
    const refused = { ...entry, outcome: 'refused' } as const
    const present = toState(subscriber, now)
    if (subscriber === undefined || present !== 'open')
      return { result: present, entry: { ...refused, reason: 'the link was used, or is not good any more' } }
    const { confirmed } = await countSubscribers(tx, subscriber.serviceId, now)
    if (subscribersMax !== null && confirmed >= subscribersMax)
      return { result: 'full', entry: { ...refused, reason: 'the plan allows no more' } }
    await setConfirmed(tx, id, now)
    return { result: 'confirmed', entry }
  })
}

/** Ends a subscription for good. Without one, there is nothing to do: the mailbox gets nothing either way. */
export async function endSubscription(deps: Deps, token: string): Promise<void> {
  const link = await findLink(deps, token)
  if (link === undefined) return
  const { principal, id } = link
  await mutate(deps, principal, async (tx) => {
    const subscriber = await findSubscriber(tx, id)
    await deleteSubscriber(tx, id)
    return {
      result: undefined,
      entry: {
        action: 'status_page.unsubscribe',
        resourceId: subscriber?.serviceId ?? id,
        detail: { subscriberId: id },
        at: deps.clock.now(),
      },
    }
  })
}

/** The subscription that a link belongs to, and as whom its holder acts. */
export async function findLink(deps: Pick<UptimeDeps, 'db'>, token: string) {
  const found = await asGate(deps, (tx) => findSubscriberByToken(tx, digestToken(token)))
  const principal: SystemPrincipal | undefined = found && {
    kind: 'system',
    orgId: found.orgId,
    because: 'mail link',
  }
  return found && principal && { id: found.id, principal }
}

function toState(subscriber: Subscriber | undefined, nowMs: number): SubscriptionState {
  if (subscriber === undefined) return 'ended'
  if (subscriber.confirmedAtMs !== null) return 'confirmed'
  return (subscriber.expiresAtMs ?? 0) > nowMs ? 'open' : 'ended'
}
