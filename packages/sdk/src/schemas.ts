import type { components } from './wire.ts'

type Schemas = components['schemas']
type Part<Id extends string, Name extends string> = Schemas[`${Id}.${Name}` & keyof Schemas]

/** Reply, query and body types of an operation, by its `operationId` in the OpenAPI document. */
export type ReplyOf<Id extends string> = Part<Id, 'reply'>
export type QueryOf<Id extends string> = Part<Id, 'query'>
export type BodyOf<Id extends string> = Part<Id, 'body'>

/** For a body that takes one of several proofs: exactly one of the members. */
type OneOf<T> = {
  [Name in keyof T]-?: { readonly [Only in Name]: Exclude<T[Name], undefined> }
}[keyof T]

export type Done = Schemas['Done']

export type Acceptance = Schemas['Acceptance']
export type Credentials = Schemas['Credentials']
export type PreferenceChange = Schemas['PreferenceChange']
export type DeletionProof = OneOf<Schemas['DeletionProof']>
export type DeviceLogin = Schemas['DeviceLogin']
export type ApprovedDevice = Schemas['ApprovedDevice']
export type StartedDeviceLogin = Schemas['StartedDeviceLogin']
export type Factor = Schemas['Factor']
export type FirstOwner = Schemas['FirstOwner']
export type IssuerTicket = Schemas['IssuerTicket']
export type Me = Schemas['Me']
export type MfaProof = OneOf<Omit<Schemas['MfaProof'], 'mfaToken'>>
export type MfaRequired = Schemas['MfaRequired']
export type NewFactor = Schemas['NewFactor']
export type PasskeyAssertion = Schemas['PasskeyAssertion']
export type PasskeyRegistration = Schemas['PasskeyRegistration']
export type Registration = Schemas['Registration']
export type Session = Schemas['Session']
export type SignedIn = Schemas['SignedIn']
export type SudoMethods = Schemas['SudoMethods']
export type SudoProof = OneOf<Schemas['SudoProof']>
export type SudoToken = Schemas['SudoToken']
export type TokenPair = ReplyOf<'refreshSession'>

export type AdministeredOrg = Schemas['AdministeredOrg']
export type AdministeredOrgFilter = QueryOf<'adminListOrgs'>
export type AdministeredOrgPage = ReplyOf<'adminListOrgs'>
export type Refusal = Schemas['Refusal']
export type DisclosureCase = Schemas['DisclosureCase']
export type SecurityIncident = Schemas['SecurityIncident']
export type SecurityNotice = Schemas['SecurityNotice']
export type RefusalPage = ReplyOf<'adminListRefusals'>

export type ApiKey = Schemas['ApiKey']
export type ApiKeyChange = Schemas['ApiKeyChange']
export type KeyService = Schemas['KeyService']
export type NewApiKey = Schemas['NewApiKey']
export type RevealedApiKey = Schemas['RevealedApiKey']

export type AuditFilter = QueryOf<'listAuditLogs'>
export type AuditLog = Schemas['AuditLog']
export type AuditPage = Schemas['AuditPage']
export type AuditVerdict = Schemas['AuditVerdict']

export type Invitation = Schemas['Invitation']
export type Member = Schemas['Member']
export type NewInvitation = Schemas['NewInvitation']
export type ResetLink = Schemas['ResetLink']
export type RevealedInvitation = Schemas['RevealedInvitation']
export type Role = Member['role']
export type SingleSignOn = Schemas['SingleSignOn']
export type SingleSignOnCheck = Schemas['SingleSignOnCheck']
export type SingleSignOnSettings = Schemas['SingleSignOnSettings']
export type TargetAcknowledgement = Schemas['TargetAcknowledgement']
export type Team = Schemas['Team']
export type TeamChange = Schemas['TeamChange']
export type TeamSettings = Schemas['TeamSettings']

export type RouteUsage = Schemas['RouteUsage']
export type StatusClass = RouteUsage['statusClass']
export type Usage = Schemas['Usage']
export type UsageSpan = QueryOf<'getUsage'>

export type AddressedDelivery = Schemas['AddressedDelivery']
export type NewWebhook = Schemas['NewWebhook']
export type RevealedWebhook = Schemas['RevealedWebhook']
export type Webhook = Schemas['Webhook']
export type WebhookAttempt = Schemas['WebhookAttempt']
export type WebhookChange = Schemas['WebhookChange']
export type WebhookDelivery = Schemas['WebhookDelivery']
export type WebhookDeliveryInFull = Schemas['WebhookDeliveryInFull']
export type WebhookDeliveryPage = ReplyOf<'listWebhookDeliveries'>
export type WebhookEvent = NewWebhook['events'][number]
export type WebhookMessage = Schemas['WebhookMessage']

export type Check = Schemas['Check']
export type CheckFilter = QueryOf<'listChecks'>
export type CheckPage = ReplyOf<'listChecks'>
export type CheckResult = Schemas['CheckResult']
/** What a sentence of a monitor or an incident says, for writing it in another language. */
export type Reason = Schemas['Reason']
export type Monitor = Schemas['Monitor']
export type MonitorChange = Schemas['MonitorChange']
export type MonitorChannel = ReplyOf<'setMonitorChannels'>['channels'][number]
export type MonitorFilter = QueryOf<'listMonitors'>
export type MonitorPage = ReplyOf<'listMonitors'>
export type MonitorStatus = Monitor['status']
export type NewMonitor = Schemas['NewMonitor']
export type ResponseTimes = Schemas['ResponseTimes']
export type ResponseTimesSpan = QueryOf<'getResponseTimes'>
export type Uptime = Schemas['Uptime']
export type UptimeSpan = QueryOf<'getUptime'>

export type Incident = Schemas['Incident']
export type IncidentChange = Schemas['IncidentChange']
export type IncidentFilter = QueryOf<'listIncidents'>
export type IncidentInFull = Schemas['IncidentInFull']
export type IncidentPage = ReplyOf<'listIncidents'>
export type IncidentStatus = Incident['status']
export type IncidentUpdate = Schemas['IncidentUpdate']
export type NewIncident = Schemas['NewIncident']
export type NewIncidentUpdate = Schemas['NewIncidentUpdate']

export type Maintenance = BodyOf<'startMonitorMaintenance'>
export type MaintenanceTime = Schemas['MaintenanceTime']
export type MaintenanceWindow = Schemas['MaintenanceWindow']
export type MaintenanceWindowChange = Schemas['MaintenanceWindowChange']
export type NewMaintenanceWindow = Schemas['NewMaintenanceWindow']

export type NewService = Schemas['NewService']
export type NewPageLayout = Schemas['NewPageLayout']
export type PageLayout = Schemas['PageLayout']
export type PageFeeds = Schemas['ServiceFeeds']
export type Subscriber = Schemas['Subscriber']
export type Service = Schemas['Service']
export type ServiceChange = Schemas['ServiceChange']

export type Channel = Schemas['Channel']
export type ChannelChange = Schemas['ChannelChange']
export type Delivery = Schemas['Delivery']
export type DeliveryPage = ReplyOf<'listDeliveries'>
export type NewChannel = Schemas['NewChannel']
export type WrittenChannel = Schemas['WrittenChannel']
