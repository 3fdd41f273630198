export { Gatehouse, type GatehouseOptions } from './gatehouse.ts'
export { GatehouseProblem } from './problem.ts'
export type { CallOptions } from './transport.ts'
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
export type { ApiKey, NewApiKey, RevealedApiKey } from './api-key.ts'
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
export type { NewService, Service, ServiceChange } from './service.ts'
export {
  verifyWebhook,
  WebhookVerificationError,
  type VerifiedWebhook,
  type VerifyWebhookOptions,
  type WebhookFault,
  type WebhookHeaders,
} from './verify-webhook.ts'
