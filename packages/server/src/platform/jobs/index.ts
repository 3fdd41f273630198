import { asGate } from '@gatehouse/kernel/db'
import type { BoundJob, RecurringJob } from '@gatehouse/kernel/jobs'
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
      name: 'platform.forget-registrations',
      cron: '17 * * * *',
      run: async () => {
        await asGate(deps, (tx) => deleteExpiredRegistrations(tx, deps.clock.now()))
      },
    },
  ]
}
