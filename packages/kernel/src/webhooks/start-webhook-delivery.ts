import type { SigningKey } from '../audit/index.ts'
import type { Invalidations, WriterTx } from '../db/index.ts'
import {
  type DeliveryDeps,
  type DeliveryLoop,
  type DeliveryQueue,
  type DestinationNotice,
  holdPending,
  startDelivery,
} from '../delivery/index.ts'
import type { Egress } from '../egress/index.ts'
import type { Sealer } from '../secrets/index.ts'
import type { SignOwn } from './sign-webhook.ts'
import { previousSecretPlace, secretPlace } from './manage-webhooks.ts'
import { listSendingEndpoints, type SendingEndpoint, setDisabled } from './store/endpoint-store.ts'
import { webhookDestination } from './webhook-destination.ts'
import { webhookQueueName } from './webhook-queue-name.ts'
import { webhookRules } from './webhook-rules.ts'

/** A notification for the owners of an endpoint. */
export type WebhookNotice = {
  readonly orgId: string
  readonly endpointId: string
  readonly because: 'failing' | 'gone'
  /** The share of the permitted failing time that has passed; at 100 the endpoint is disabled. */
  readonly percent: number
}

export type WebhookDeliveryDeps = DeliveryDeps & {
  readonly egress: Egress
  readonly sealer: Sealer
  /**
   * Signs messages in addition to the secret, for endpoints that ask for it. Everything else that this key signs begins
   * with `gatehouse.`, and a message begins with its id, so that neither can pass for the other.
   */
  readonly signingKey: Pick<SigningKey, 'privateKey'>
  /** Services that also sign in headers of their own, such as `x-amaneki-signature`, for their own endpoints. */
  readonly ownSignatures: ReadonlyMap<string, SignOwn>
  readonly invalidations: Pick<Invalidations, 'subscribe'>
  /** Notifies the owners, in the transaction that makes the decision. */
  readonly tell: (tx: WriterTx, notice: WebhookNotice) => Promise<void>
}

/** Sends due events on this node, until it is stopped. */
export function startWebhookDelivery(deps: WebhookDeliveryDeps): DeliveryLoop {
  return startDelivery(deps, createWebhookQueue(deps))
}

function createWebhookQueue(deps: WebhookDeliveryDeps): DeliveryQueue<SendingEndpoint> {
  return {
    name: webhookQueueName,
    rules: webhookRules,
    prepare: async (tx, claimed) => {
      const endpoints = await listSendingEndpoints(tx, claimed)
      return claimed.map(({ orgId, destinationId }) => {
        const endpoint = endpoints.get(`${orgId}/${destinationId}`)
        if (endpoint === undefined) return { kind: 'suppress', because: 'endpoint_deleted' }
        return endpoint.isEnabled ? { kind: 'send', to: endpoint } : { kind: 'hold' }
      })
    },
    attempt: (endpoint, { orgId, id, body, attemptsMade }, context) => {
      const { sealer, signingKey, egress, ownSignatures } = deps
      const { url, previous } = endpoint
      const secrets = [sealer.open(secretPlace(orgId, endpoint.id), endpoint.sealedSecret)]
      if (previous !== null && previous.untilMs > context.nowMs)
        secrets.push(sealer.open(previousSecretPlace(orgId, endpoint.id), previous.sealed))
      return webhookDestination.open({ url }).attempt(
        {
          id,
          body,
          attempt: attemptsMade + 1,
          secrets,
          privateKeys: endpoint.asymmetric ? [signingKey.privateKey] : [],
          signOwn: ownSignatures.get(endpoint.registeredBy ?? endpoint.service),
        },
        { ...context, egress: egress.forOrg(orgId) },
      )
    },
    notice: async (tx, notice) => {
      const { orgId, destinationId, because } = notice
      // A single event that was given up appears in the log; owners are notified only of an endpoint that does not work
      // at all.
      if (because === 'given_up') return
      if (notice.isClosed) {
        await setDisabled(tx, orgId, destinationId, because, deps.clock.now())
        await holdPending(tx, webhookQueueName, notice)
      }
      await deps.tell(tx, { orgId, endpointId: destinationId, because, percent: toPercent(notice) })
    },
  }
}

function toPercent(notice: DestinationNotice): number {
  return notice.because === 'failing' ? notice.percent : 100
}
