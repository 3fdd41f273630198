export { signBody, signWebhook, type WebhookMessage } from './sign-webhook.ts'
