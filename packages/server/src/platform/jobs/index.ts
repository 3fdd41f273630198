import type { BoundJob, RecurringJob } from '@gatehouse/kernel/jobs'
import type { PlatformDeps } from '../deps.ts'
import { bindAccountMails } from './account-mails.ts'
import { bindFactorMails } from './factor-mails.ts'
import { bindSendAccountExists } from './send-account-exists.ts'
import { bindSendInvitation } from './send-invitation.ts'
import { bindSendNewDevice } from './send-new-device.ts'
import { bindSendSessionReuse } from './send-session-reuse.ts'
import { bindSendWebhookFailing } from './send-webhook-failing.ts'
import { bindSendTeamDeletion } from './send-team-deletion.ts'
import { bindSendVerification } from './send-verification.ts'
import { addUpUsage } from '../usecases/add-up-usage.ts'
import { deleteDuePeople } from '../usecases/delete-due-people.ts'
import { eraseDueOrgs } from '../usecases/erase-due-orgs.ts'
import { tellUsageAnomalies } from '../usecases/tell-usage-anomalies.ts'

export function platformJobs(deps: PlatformDeps): readonly BoundJob[] {
  return [
    bindSendInvitation(deps),
    bindSendVerification(deps),
    bindSendAccountExists(deps),
    bindSendSessionReuse(deps),
    bindSendNewDevice(deps),
    bindSendWebhookFailing(deps),
    bindSendTeamDeletion(deps),
    ...bindAccountMails(deps),
    ...bindFactorMails(deps),
  ]
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
    { name: 'platform.erase-orgs', cron: '47 * * * *', run: ({ signal }) => eraseDueOrgs(deps, signal) },
  ]
}
