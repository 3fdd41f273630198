import type { HandlersOf } from '@gatehouse/kernel/endpoint'
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
import type { toWebhookEndpoints } from '../contract/webhooks.ts'
import { toWebhookBody } from '../../service/publish-event.ts'
import type { PlatformDeps } from '../deps.ts'
import { toWireNewWebhook, toWireWebhook, toWireWebhookDeliveryInFull } from '../usecases/to-wire-webhook.ts'
import { listAllWebhookDeliveries, listWebhookDeliveries } from '../usecases/list-webhook-deliveries.ts'
import { toWebhookDeps } from '../usecases/webhook-deps.ts'

export function webhookHandlers(
  deps: PlatformDeps,
  events: readonly string[],
): HandlersOf<ReturnType<typeof toWebhookEndpoints>> {
  const own = toWebhookDeps(deps)
  return {
    listWebhookEvents: () => ({ events: [...events] }),
    listWebhooks: async (viewer) => ({
      webhooks: (await listWebhookEndpoints(own, viewer)).map(toWireWebhook),
    }),
    createWebhook: async (member, { body }) => ({
      webhook: toWireNewWebhook(await createWebhookEndpoint(own, member, body)),
    }),
    getWebhook: async (viewer, { params }) => ({
      webhook: toWireWebhook(await getWebhookEndpoint(own, viewer, params.id)),
    }),
    updateWebhook: async (member, { params, body }) => ({
      webhook: toWireWebhook(await updateWebhookEndpoint(own, member, params.id, body)),
    }),
    deleteWebhook: async (member, { params }) => {
      await deleteWebhookEndpoint(own, member, params.id)
      return { ok: true } as const
    },
    enableWebhook: async (member, { params }) => {
      const { endpoint, replayed } = await enableWebhookEndpoint(own, member, params.id)
      return { webhook: toWireWebhook(endpoint), replayed }
    },
    rotateWebhookSecret: async (member, { params }) => ({
      webhook: toWireNewWebhook(await rotateWebhookSecret(own, member, params.id)),
    }),
    testWebhook: async (member, { params }) => ({
      deliveryId: await testWebhookEndpoint(own, member, params.id, (id, atMs) =>
        toWebhookBody({ id, type: 'webhook.test', orgId: member.orgId, atMs, data: {} }),
      ),
    }),
    listAllWebhookDeliveries: (viewer, { query }) => listAllWebhookDeliveries(deps, viewer, query),
    listWebhookDeliveries: (viewer, { params, query }) =>
      listWebhookDeliveries(deps, viewer, params.id, query),
    getWebhookDelivery: async (viewer, { params }) => ({
      delivery: toWireWebhookDeliveryInFull(
        await getWebhookDelivery(own, viewer, params.id, params.deliveryId),
      ),
    }),
    replayWebhookDelivery: async (member, { params }) => {
      await replayWebhookDelivery(own, member, params.id, params.deliveryId)
      return { ok: true } as const
    },
    replayWebhooks: async (member, { params, body }) => ({
      replayed: await replayWebhooks(own, member, params.id, { fromMs: body.from, toMs: body.to }),
    }),
  }
}
