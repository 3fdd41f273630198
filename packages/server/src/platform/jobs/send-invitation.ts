import { within } from '@gatehouse/kernel/db'
import { type BoundJob, bindJob } from '@gatehouse/kernel/jobs'
import { sendInvitation } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { invitationWords } from '../mails/mail-words.ts'
import { policy } from '../policy.ts'
import { mintToken } from '../single-use-token.ts'
import { findOpenInvitation, setMailedToken } from '../store/invitation-store.ts'
import { findOrg } from '../store/org-store.ts'
import { findPerson } from '../store/user-store.ts'
import { post } from './post.ts'

export function bindSendInvitation(deps: PlatformDeps): BoundJob {
  return bindJob(sendInvitation, async ({ orgId, invitationId }, { signal }) => {
    const { token, digest } = mintToken()
    const found = await within(deps, { kind: 'system', orgId, because: 'mail' }, async (tx) => {
      const invitation = await findOpenInvitation(tx, invitationId, deps.clock.now())
      if (invitation === undefined || invitation.email === null) return undefined
      await setMailedToken(tx, invitationId, digest)
      const inviter = await findPerson(tx, invitation.invitedBy)
      return { role: invitation.role, email: invitation.email, inviter, org: await findOrg(tx) }
    })
    // Revoked, accepted or expired since it was queued.
    if (found?.org === undefined) return
    const { email, role, inviter, org } = found
    const language = inviter?.language ?? 'en'
    const words = invitationWords(language, {
      inviter: inviter?.name ?? org.name,
      org: org.name,
      role,
      url: `${deps.publicUrl()}/invite?token=${token}`,
      days: policy.invitationDays,
    })
    await post(deps, sendInvitation.name, { email, language }, words, signal)
  })
}
