export { Gatehouse, type GatehouseOptions } from './gatehouse.ts'
export { GatehouseProblem } from './problem.ts'
export type { CallOptions } from './transport.ts'
export type {
  Acceptance,
  ApprovedDevice,
  DeletionProof,
  DeviceLogin,
  Registration,
  Session,
} from './account-api.ts'
export type {
  Credentials,
  Factor,
  FirstOwner,
  Me,
  MfaProof,
  MfaRequired,
  NewFactor,
  PasskeyJson,
  Role,
  SignedIn,
  SudoMethods,
  SudoProof,
  SudoToken,
  TokenPair,
} from './account.ts'
export type { AdministeredOrg, AdministeredOrgFilter, AdministeredOrgPage } from './admin.ts'
export type { ApiKey, ApiKeyChange, NewApiKey, RevealedApiKey } from './api-key.ts'
export type { AuditFilter, AuditLog, AuditPage, AuditVerdict } from './audit.ts'
export type { Channel, ChannelChange, ChannelConfig, NewChannel, WrittenChannel } from './channel.ts'
export type { Incident, IncidentFilter, IncidentPage, IncidentStatus, NewIncident } from './incident.ts'
export type {
  Check,
  CheckPage,
  CheckResult,
  Flag,
  Monitor,
  MonitorChange,
  MonitorFilter,
  MonitorPage,
  MonitorStatus,
  NewMonitor,
  Uptime,
} from './monitor.ts'
export type {
  Invitation,
  Member,
  NewInvitation,
  RevealedInvitation,
  Team,
  TeamChange,
  TeamSettings,
} from './teams.ts'
export type { RouteUsage, StatusClass, Usage, UsageSpan } from './usage.ts'
export {
  webhookEvents,
  type NewWebhook,
  type RevealedWebhook,
  type Webhook,
  type WebhookAttempt,
  type WebhookChange,
  type WebhookDelivery,
  type WebhookDeliveryInFull,
  type WebhookDeliveryPage,
  type WebhookEvent,
} from './webhooks.ts'
export type { NewService, Service, ServiceChange } from './service.ts'
export {
  toWebhookKeys,
  verifyWebhook,
  WebhookVerificationError,
  type PublishedKeys,
  type VerifiedWebhook,
  type VerifyWebhookOptions,
  type WebhookFault,
  type WebhookHeaders,
} from './verify-webhook.ts'
