export { serviceSignature, signBody, type SignOwn, signWebhook, type WebhookMessage } from './sign-webhook.ts'
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
  type AddressedDelivery,
  listAllWebhookDeliveries,
  listWebhookDeliveries,
  replayWebhookDelivery,
  replayWebhooks,
  type WebhookDelivery,
  type WebhookDeliveryInFull,
} from './replay-webhooks.ts'
export {
  startWebhookDelivery,
  type WebhookDeliveryDeps,
  type WebhookNotice,
} from './start-webhook-delivery.ts'
export { webhookQueueName } from './webhook-queue-name.ts'
export { type EndpointChange, listSubscribedOrgs, type WebhookEndpoint } from './store/endpoint-store.ts'
export { problems as webhookProblems } from './problems.ts'
export { judgeWebhookUrlNow, webhookEgressPolicy } from './judge-webhook-url.ts'
export { endpointColumns as webhookColumns } from './store/endpoint-columns.ts'
export { webhookOrgTables, webhookSealedColumns } from './webhook-tables.ts'
export { webhookRules } from './webhook-rules.ts'
