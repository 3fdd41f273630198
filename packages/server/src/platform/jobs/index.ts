import { asGate } from '@gatehouse/kernel/db'
import type { BoundJob, RecurringJob } from '@gatehouse/kernel/jobs'
import { deleteExpired } from '@gatehouse/kernel/sessions'
import type { PlatformDeps } from '../deps.ts'
import { deleteExpiredRegistrations } from '../store/registration-store.ts'
import { bindSendAccountExists } from './send-account-exists.ts'
import { bindSendInvitation } from './send-invitation.ts'
import { bindSendSessionReuse } from './send-session-reuse.ts'
import { bindSendVerification } from './send-verification.ts'

export function platformJobs(deps: PlatformDeps): readonly BoundJob[] {
  return [
    bindSendInvitation(deps),
    bindSendVerification(deps),
    bindSendAccountExists(deps),
    bindSendSessionReuse(deps),
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
        }),
    },
  ]
}
