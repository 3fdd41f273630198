import { bindJob, type BoundJob, type RecurringJob } from '@gatehouse/kernel/jobs'
import type { BoundMail } from '../../mail/index.ts'
import { tellAffected } from '../contract/security-mails.ts'
import type { PlatformDeps } from '../deps.ts'
import { bindAccountMails } from './account-mails.ts'
import { bindDisclosureMails } from './disclosure-mails.ts'
import { bindFactorMails } from './factor-mails.ts'
import { bindSecurityMails } from './security-mails.ts'
import { bindSendAccountExists } from './send-account-exists.ts'
import { bindSendCheckpoint } from './send-checkpoint.ts'
import { bindSendDomainMissing } from './send-domain-missing.ts'
import { bindSendGuessing } from './send-guessing.ts'
import { bindSendKeysExposed } from './send-keys-exposed.ts'
import { bindSendInvitation } from './send-invitation.ts'
import { bindSendNewDevice } from './send-new-device.ts'
import { bindSendSessionReuse } from './send-session-reuse.ts'
import { bindSendWebhookFailing } from './send-webhook-failing.ts'
import { bindSendTeamDeletion } from './send-team-deletion.ts'
import { bindSendVerification } from './send-verification.ts'
import { addUpUsage } from '../usecases/add-up-usage.ts'
import { deleteDuePeople } from '../usecases/delete-due-people.ts'
import { eraseDueOrgs } from '../usecases/erase-due-orgs.ts'
import { requireInstanceIssuer } from '../usecases/require-instance-issuer.ts'
import { watchDomains } from '../usecases/watch-domains.ts'
import { remindOfCases } from '../usecases/remind-of-cases.ts'
import { remindOfIncidents } from '../usecases/remind-of-incidents.ts'
import { tellAffectedOrgs } from '../usecases/tell-affected.ts'
import { mailCheckpoints } from '../usecases/mail-checkpoints.ts'
import { tellUsageAnomalies } from '../usecases/tell-usage-anomalies.ts'

/** The mails of the platform. */
export function platformMails(deps: PlatformDeps): readonly BoundMail[] {
  return [
    bindSendInvitation(deps),
    bindSendVerification(deps),
    bindSendAccountExists(deps),
    bindSendSessionReuse(deps),
    bindSendNewDevice(deps),
    bindSendGuessing(deps),
    bindSendKeysExposed(deps),
    bindSendWebhookFailing(deps),
    bindSendCheckpoint(deps),
    bindSendDomainMissing(deps),
    bindSendTeamDeletion(deps),
    ...bindAccountMails(deps),
    ...bindFactorMails(deps),
    ...bindSecurityMails(deps),
    ...bindDisclosureMails(deps),
  ]
}

/** The jobs that the platform runs after a decision has committed. */
export function platformJobs(deps: PlatformDeps): readonly BoundJob[] {
  return [bindJob(tellAffected, ({ incidentId }, { signal }) => tellAffectedOrgs(deps, incidentId, signal))]
}

export function platformRecurring(deps: PlatformDeps): readonly RecurringJob[] {
  return [
    {
      name: 'platform.delete-people',
      cron: '37 * * * *',
      run: ({ signal }) => deleteDuePeople(deps, signal),
    },
    { name: 'platform.add-up-usage', cron: '*/10 * * * *', run: (context) => addUpUsage(deps, context) },
    {
      name: 'platform.tell-usage-anomalies',
      cron: '9 * * * *',
      run: (context) => tellUsageAnomalies(deps, context),
    },
    {
      name: 'platform.require-instance-issuer',
      cron: '* * * * *',
      run: () => requireInstanceIssuer(deps),
    },
    {
      name: 'platform.watch-domains',
      cron: '29 * * * *',
      run: (context) => watchDomains(deps, context),
    },
    {
      name: 'platform.mail-checkpoints',
      cron: '53 * * * *',
      run: (context) => mailCheckpoints(deps, context),
    },
    {
      name: 'platform.remind-of-incidents',
      cron: '*/5 * * * *',
      run: (context) => remindOfIncidents(deps, context),
    },
    {
      name: 'platform.remind-of-cases',
      cron: '*/5 * * * *',
      run: (context) => remindOfCases(deps, context),
    },
    { name: 'platform.erase-orgs', cron: '47 * * * *', run: ({ signal }) => eraseDueOrgs(deps, signal) },
  ]
}
