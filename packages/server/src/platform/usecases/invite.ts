import { mutate } from '@gatehouse/kernel/audit'
import { newId } from '@gatehouse/kernel/ids'
import type { MemberPrincipal, Role } from '@gatehouse/kernel/principal'
import { queueMail } from '../../mail/index.ts'
import { sendInvitation } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import type { Invitation } from '../domain/invitation.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { mintToken } from './single-use-token.ts'
import {
  countOpenInvitations,
  deleteExpiredInvitations,
  findOpenInvitationByEmail,
  insertInvitation,
} from '../store/invitation-store.ts'
import { findMemberByEmail } from '../store/membership-store.ts'
import { lockOrg } from '../store/org-store.ts'

export type Invited = { readonly invitation: Invitation; readonly token: string; readonly emailSent: boolean }

const dayMs = 86_400_000

/** The token is only in the result; the mail, if any, carries one of its own. */
export async function invite(
  deps: PlatformDeps,
  owner: MemberPrincipal,
  { role, email }: { readonly role: Role; readonly email?: string | undefined },
): Promise<Invited> {
  const { token, digest } = mintToken()
  return mutate(deps, owner, async (tx) => {
    const now = deps.clock.now()
    await lockOrg(tx)
    await deleteExpiredInvitations(tx, now)
    if (email !== undefined) {
      if ((await findMemberByEmail(tx, email)) !== undefined) throw problems.ALREADY_MEMBER()
      if ((await findOpenInvitationByEmail(tx, email, now)) !== undefined) throw problems.INVITATION_EXISTS()
    }
    if ((await countOpenInvitations(tx, now)) >= policy.openInvitationsMax)
      throw problems.INVITATION_LIMIT_REACHED()
    const invitation: Invitation = {
      orgId: owner.orgId,
      id: newId(now),
      email: email ?? null,
      role,
      invitedBy: owner.userId,
      expiresAtMs: now + policy.invitationDays * dayMs,
      createdAtMs: now,
    }
    await insertInvitation(tx, invitation, digest)
    const emailSent = email !== undefined && deps.mailer.isConfigured
    if (emailSent) await queueMail(tx, sendInvitation, { orgId: owner.orgId, invitationId: invitation.id })
    return {
      result: { invitation, token, emailSent },
      entry: {
        action: 'invitation.create',
        resourceId: invitation.id,
        detail: { role, email: invitation.email },
        at: now,
      },
    }
  })
}
