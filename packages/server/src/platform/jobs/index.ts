import { asGate } from '@gatehouse/kernel/db'
import type { BoundJob, RecurringJob } from '@gatehouse/kernel/jobs'
import { deleteExpired } from '@gatehouse/kernel/sessions'
import type { PlatformDeps } from '../deps.ts'
import { deleteExpiredDevices } from '../store/device-login-store.ts'
import { deleteExpiredProofs } from '../store/mailed-proof-store.ts'
import { policy } from '../policy.ts'
import { deleteExpiredChallenges } from '../store/sudo-store.ts'
import { deleteExpiredRegistrations } from '../store/registration-store.ts'
import { bindAccountMails } from './account-mails.ts'
import { bindFactorMails } from './factor-mails.ts'
import { bindSendAccountExists } from './send-account-exists.ts'
import { bindSendInvitation } from './send-invitation.ts'
import { bindSendSessionReuse } from './send-session-reuse.ts'
import { bindSendWebhookFailing } from './send-webhook-failing.ts'
import { bindSendVerification } from './send-verification.ts'
import { deleteDuePeople } from '../usecases/delete-due-people.ts'

export function platformJobs(deps: PlatformDeps): readonly BoundJob[] {
  return [
    bindSendInvitation(deps),
    bindSendVerification(deps),
    bindSendAccountExists(deps),
    bindSendSessionReuse(deps),
    bindSendWebhookFailing(deps),
    ...bindAccountMails(deps),
    ...bindFactorMails(deps),
  ]
}

export function platformRecurring(deps: PlatformDeps): readonly RecurringJob[] {
  return [
    {
      name: 'platform.forget-expired',
      cron: '17 * * * *',
      run: () =>
        asGate(deps, async (tx) => {
          await deleteExpiredRegistrations(tx, deps.clock.now())
          await deleteExpired(tx, deps.clock.now())
          await deleteExpiredProofs(tx, deps.clock.now())
          await deleteExpiredDevices(tx, deps.clock.now())
          await deleteExpiredChallenges(tx, policy.proofLockMinutes * 60_000, deps.clock.now())
        }),
    },
    { name: 'platform.delete-people', cron: '37 * * * *', run: () => deleteDuePeople(deps) },
  ]
}
