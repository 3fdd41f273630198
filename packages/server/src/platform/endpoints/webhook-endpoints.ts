import { bind, type BoundEndpoint } from '@gatehouse/kernel/endpoint'
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  enableWebhookEndpoint,
  getWebhookDelivery,
  getWebhookEndpoint,
  listWebhookEndpoints,
  replayWebhookDelivery,
  replayWebhooks,
  rotateWebhookSecret,
  testWebhookEndpoint,
  updateWebhookEndpoint,
} from '@gatehouse/kernel/webhooks'
import * as contract from '../contract/webhooks.ts'
import type { PlatformDeps } from '../deps.ts'
import { toWireNewWebhook, toWireWebhook, toWireWebhookDeliveryInFull } from '../to-wire-webhook.ts'
import { listWebhookDeliveries } from '../usecases/list-webhook-deliveries.ts'
import { toWebhookBody, toWebhookDeps } from '../usecases/webhook-deps.ts'

export function webhookEndpoints(deps: PlatformDeps): readonly BoundEndpoint[] {
  const own = toWebhookDeps(deps)
  return [
    bind(contract.listWebhooks, async (viewer) => ({
      webhooks: (await listWebhookEndpoints(own, viewer)).map(toWireWebhook),
    })),
    bind(contract.createWebhook, async (member, { body }) => ({
      webhook: toWireNewWebhook(await createWebhookEndpoint(own, member, body)),
    })),
    bind(contract.getWebhook, async (viewer, { params }) => ({
      webhook: toWireWebhook(await getWebhookEndpoint(own, viewer, params.id)),
    })),
    bind(contract.updateWebhook, async (member, { params, body }) => ({
      webhook: toWireWebhook(await updateWebhookEndpoint(own, member, params.id, body)),
    })),
    bind(contract.deleteWebhook, async (member, { params }) => {
      await deleteWebhookEndpoint(own, member, params.id)
      return { ok: true } as const
    }),
    bind(contract.enableWebhook, async (member, { params }) => {
      const { endpoint, replayed } = await enableWebhookEndpoint(own, member, params.id)
      return { webhook: toWireWebhook(endpoint), replayed }
    }),
    bind(contract.rotateWebhookSecret, async (member, { params }) => ({
      webhook: toWireNewWebhook(await rotateWebhookSecret(own, member, params.id)),
    })),
    bind(contract.testWebhook, async (member, { params }) => ({
      deliveryId: await testWebhookEndpoint(own, member, params.id, (id, atMs) =>
        toWebhookBody({ id, type: 'webhook.test', orgId: member.orgId, atMs, data: {} }),
      ),
    })),
    bind(contract.listWebhookDeliveries, (viewer, { params, query }) =>
      listWebhookDeliveries(deps, viewer, params.id, query),
    ),
    bind(contract.getWebhookDelivery, async (viewer, { params }) => ({
      delivery: toWireWebhookDeliveryInFull(
        await getWebhookDelivery(own, viewer, params.id, params.deliveryId),
      ),
    })),
    bind(contract.replayWebhookDelivery, async (member, { params }) => {
      await replayWebhookDelivery(own, member, params.id, params.deliveryId)
      return { ok: true } as const
    }),
    bind(contract.replayWebhooks, async (member, { params, body }) => ({
      replayed: await replayWebhooks(own, member, params.id, { fromMs: body.from, toMs: body.to }),
    })),
  ]
}
