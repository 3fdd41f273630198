export { serviceSignature, signBody, signWebhook, type WebhookMessage } from './sign-webhook.ts'
export { publishWebhook, type WebhookEvent } from './publish-webhook.ts'
export {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  enableWebhookEndpoint,
  findWebhookEndpoint,
  getWebhookEndpoint,
  listWebhookEndpoints,
  rotateWebhookSecret,
  testWebhookEndpoint,
  updateWebhookEndpoint,
  type MintedWebhook,
  type WebhookDeps,
  type WebhookRequest,
} from './manage-webhooks.ts'
export {
  getWebhookDelivery,
  listWebhookDeliveries,
  replayWebhookDelivery,
  replayWebhooks,
  type WebhookDeliveryInFull,
} from './replay-webhooks.ts'
export {
  startWebhookDelivery,
  type WebhookDeliveryDeps,
  type WebhookDeliveryLoop,
  type WebhookNotice,
} from './start-webhook-delivery.ts'
export { expireHeldDeliveries, findOldestHeldDelivery, heldDaysMax } from './store/expire-held-store.ts'
export type { EndpointChange, WebhookEndpoint } from './store/endpoint-store.ts'
export type { WebhookAttemptRecord, WebhookDelivery } from './store/delivery-store.ts'
