import { defineService, type Service, type ServiceFacts, startNothing } from '../service/define-service.ts'
import { wireEnvelope } from '../service/envelope.ts'
import { toPlatformEndpoints } from './contract/endpoints.ts'
import { platformEvents } from './contract/events.ts'
import type { PlatformDeps } from './deps.ts'
import { accountHandlers } from './handlers/account-handlers.ts'
import { acknowledgementHandlers } from './handlers/acknowledgement-handlers.ts'
import { adminHandlers } from './handlers/admin-handlers.ts'
import { auditHandlers } from './handlers/audit-handlers.ts'
import { authHandlers } from './handlers/auth-handlers.ts'
import { deviceHandlers } from './handlers/device-handlers.ts'
import { disclosureHandlers } from './handlers/disclosure-handlers.ts'
import { factorHandlers } from './handlers/factor-handlers.ts'
import { incidentPages } from './handlers/incident-pages.ts'
import { keyHandlers } from './handlers/key-handlers.ts'
import { liveHandlers } from './handlers/live-handlers.ts'
import { orgLifeHandlers } from './handlers/org-life-handlers.ts'
import { peopleHandlers } from './handlers/people-handlers.ts'
import { reportPages } from './handlers/report-pages.ts'
import { securityIncidentHandlers } from './handlers/security-incident-handlers.ts'
import { sessionHandlers } from './handlers/session-handlers.ts'
import { signOnHandlers } from './handlers/sign-on-handlers.ts'
import { singleSignOnHandlers } from './handlers/single-sign-on-handlers.ts'
import { teamHandlers } from './handlers/team-handlers.ts'
import { usageHandlers } from './handlers/usage-handlers.ts'
import { webhookHandlers } from './handlers/webhook-handlers.ts'
import { platformJobs, platformMails, platformRecurring } from './jobs/index.ts'
import { policy } from './policy.ts'
import { problems } from './problems.ts'
import { platformSchema } from './schema.ts'

export type { KeyedService, PlatformDeps, ReportKey } from './deps.ts'
export type { InstanceIssuer } from './domain/single-sign-on.ts'
export { toAuditDoor } from './contract/audit.ts'
export { findAllowedOrigins, type ListedOrg, listOrgs, type NamedOrg } from './store/org-store.ts'
export { tellWebhookOwners } from './jobs/send-webhook-failing.ts'
export { toWireNewKey } from './handlers/to-wire.ts'
export { findUserNames } from './store/user-name-store.ts'
export { addressBook, belongsElsewhere, findMembership } from './store/membership-store.ts'
export { createKey, parseKeyName } from './usecases/create-key.ts'
export { createOwner, parseNewOwner } from './usecases/create-owner.ts'
export { createOwnerLink } from './usecases/create-owner-link.ts'
export { createOperatorResetLink } from './usecases/create-reset-link.ts'
export { eraseOrg } from './usecases/erase-org.ts'
export { exportTeam } from './usecases/export-team.ts'
export { listCredits } from './usecases/list-credits.ts'
export { isInstanceAdmin } from './usecases/is-instance-admin.ts'
export { openSecurityIncident } from './usecases/open-security-incident.ts'
export { listOverdueClocks } from './usecases/list-overdue-clocks.ts'
export { countTargetAcknowledgements } from './usecases/acknowledge-targets.ts'
export { askToRotateKeys, type AskedOrg } from './usecases/ask-to-rotate-keys.ts'
export { createOrgDesk } from './usecases/org-desk.ts'
export { toLanguage } from './domain/language.ts'
export { createProbeOrgs } from './usecases/probe-orgs.ts'
export { policy as platformPolicy } from './policy.ts'
export { createOwnKeys } from './usecases/own-keys.ts'
export { publishCheckpoint, publishClaimFailed } from './usecases/publish-platform-event.ts'
export { listAuditLogs } from './usecases/list-audit-logs.ts'

/**
 * The platform service: people, orgs, keys and their permissions. Its webhooks also deliver the events of the given
 * services.
 */
export function definePlatform(services: readonly Pick<ServiceFacts, 'events'>[]): Service<PlatformDeps> {
  const told = [platformEvents, ...services.map(({ events }) => events)].flatMap((events) =>
    Object.keys(events),
  )
  return defineService({
    name: 'platform',
    title: 'Platform',
    description: 'Accounts, organisations, API keys and the audit log',
    policy,
    problems,
    envelope: wireEnvelope,
    schema: platformSchema,
    events: platformEvents,
    plans: { unlimited: {} },
    auditDoor: null,
    endpoints: toPlatformEndpoints(told),
    build: (deps: PlatformDeps) => ({
      handlers: {
        ...authHandlers(deps),
        ...accountHandlers(deps),
        ...factorHandlers(deps),
        ...deviceHandlers(deps),
        ...teamHandlers(deps),
        ...orgLifeHandlers(deps),
        ...acknowledgementHandlers(deps),
        ...peopleHandlers(deps),
        ...keyHandlers(deps),
        ...sessionHandlers(deps),
        ...signOnHandlers(deps),
        ...singleSignOnHandlers(deps),
        ...auditHandlers(deps),
        ...webhookHandlers(deps, told),
        ...usageHandlers(deps),
        ...liveHandlers(deps),
        ...adminHandlers(deps),
        ...securityIncidentHandlers(deps),
        ...incidentPages(deps),
        ...disclosureHandlers(deps),
        ...reportPages(deps),
      },
      jobs: platformJobs(deps),
      mails: platformMails(deps),
      recurring: platformRecurring(deps),
      start: startNothing,
    }),
  })
}
