import { asGate, recordTelemetry } from '@gatehouse/kernel/db'
import { bindMail, type BoundMail } from '../../mail/index.ts'
import { sendInvitation } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { invitationWords } from '../mails/mail-words.ts'
import { policy } from '../policy.ts'
import { toToken } from '../usecases/single-use-token.ts'
import { findOpenInvitation, setMailedToken } from '../store/invitation-store.ts'
import { findOrg } from '../store/org-store.ts'
import { findAccountByEmail, findPerson } from '../store/user-store.ts'
import { postAsked } from './post-asked.ts'

export function bindSendInvitation(deps: PlatformDeps): BoundMail {
  return bindMail(sendInvitation, async ({ orgId, invitationId }, context) => {
    const { token, digest } = toToken(context.secret)
    const found = await recordTelemetry(deps, { kind: 'system', orgId, because: 'mail' }, async (tx) => {
      const invitation = await findOpenInvitation(tx, invitationId, deps.clock.now())
      if (invitation === undefined || invitation.email === null) return undefined
      await setMailedToken(tx, invitationId, digest)
      const inviter = await findPerson(tx, invitation.invitedBy)
      return { role: invitation.role, email: invitation.email, inviter, org: await findOrg(tx) }
    })
    // The invitation was revoked, accepted or expired after the mail was queued.
    if (found?.org === undefined) return
    const { email, role, inviter } = found
    // A recipient with an account gets the mail in their own language, and not in the inviter's.
    const invited = await asGate(deps, (tx) => findAccountByEmail(tx, email))
    const language = (invited ?? inviter)?.language ?? 'en'
    const words = invitationWords(language, {
      role,
      url: `${deps.publicUrl()}/app/invite?token=${token}`,
      days: policy.invitationDays,
    })
    await postAsked(deps, sendInvitation.name, { email, language }, words, context)
  })
}
