import type { ClaimedDelivery, DeliveryQueue, OpenDestination, Prepared } from '@gatehouse/kernel/delivery'
import { holdPending } from '@gatehouse/kernel/delivery'
import type { Egress } from '@gatehouse/kernel/egress'
import type { Secret, Sealer } from '@gatehouse/kernel/secrets'
import { webhookRules } from '@gatehouse/kernel/webhooks'
import type { Clock } from '@gatehouse/kernel/clock'
import { destinations } from '../destinations/destinations.ts'
import type { ReceiverKind, ReceiverTools, RegimeMessage } from '../destinations/receiver.ts'
import { toToldEvent } from '../domain/event-words.ts'
import {
  listSendingSubscriptions,
  type SendingSubscription,
  setSubscriptionDisabled,
  subscriptionQueue,
} from '../store/subscription-store.ts'
import { secretPlace, targetPlace } from '../usecases/webhooks.ts'

type QueueDeps = { readonly clock: Clock; readonly egress: Egress; readonly sealer: Sealer }

type Ready = {
  readonly destination: OpenDestination<RegimeMessage, ReceiverTools>
  readonly secret: Secret | undefined
}

const kinds: ReadonlyMap<string, ReceiverKind> = new Map(Object.entries(destinations))

/** Sends events to subscriptions by the rules of webhooks (W4 to W6), in the form of each kind of destination. */
export function createWebhookQueue(deps: QueueDeps): DeliveryQueue<Ready> {
  return {
    name: subscriptionQueue,
    rules: webhookRules,
    prepare: async (tx, claimed) => {
      const subscriptions = await listSendingSubscriptions(tx, claimed)
      return claimed.map(({ orgId, destinationId }) =>
        prepare(deps, subscriptions.get(`${orgId}/${destinationId}`)),
      )
    },
    attempt: ({ destination, secret }, claimed, context) =>
      destination.attempt(toMessage(claimed, secret), {
        ...context,
        egress: deps.egress.forOrg(claimed.orgId),
      }),
    notice: async (tx, notice) => {
      if (notice.because === 'given_up' || !notice.isClosed) return
      const { orgId, destinationId } = notice
      await setSubscriptionDisabled(tx, { orgId, id: destinationId }, deps.clock.now())
      await holdPending(tx, subscriptionQueue, notice)
    },
  }
}

function prepare({ sealer }: QueueDeps, found: SendingSubscription | undefined): Prepared<Ready> {
  if (found === undefined) return { kind: 'suppress', because: 'subscription_deleted' }
  if (found.isOrgSuspended) return { kind: 'suppress', because: 'org_suspended' }
  if (found.state !== 'active') return { kind: 'hold' }
  const { orgId, id, kind, sealedTarget, sealedSecret } = found
  try {
    const config: unknown = JSON.parse(sealer.open(targetPlace(orgId, id), sealedTarget).reveal())
    const destination = kinds.get(kind)?.open(config)
    if (destination === undefined) throw new Error(`No kind of destination is called ${kind}`)
    const secret = sealedSecret === null ? undefined : sealer.open(secretPlace(orgId, id), sealedSecret)
    return { kind: 'send', to: { destination, secret } }
  } catch (cause) {
    // The cause of an unreadable config may contain secrets, so only its class is attached.
    const error = new Error(`The subscription ${id} cannot be sent to`, {
      cause: cause instanceof Error ? cause.name : undefined,
    })
    return { kind: 'broken', because: 'unreadable', error }
  }
}

type Joined = { readonly events: readonly Readonly<Record<string, unknown>>[]; readonly more: number }

function toMessage({ id, body, attemptsMade }: ClaimedDelivery, secret: Secret | undefined): RegimeMessage {
  // Safe: the outbox of this queue holds what `queueForSubscribers` and `testWebhook` write.
  const parsed = JSON.parse(body) as Readonly<Record<string, unknown>> | Joined
  const isJoined = (value: typeof parsed): value is Joined => Array.isArray(value['events' as never])
  const { events, more } = isJoined(parsed) ? parsed : { events: [parsed], more: 0 }
  return { id, body, attempt: attemptsMade + 1, secret, events: events.map(toToldEvent), more }
}
