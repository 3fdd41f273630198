import { mutate } from '@gatehouse/kernel/audit'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { endAllSessions } from '@gatehouse/kernel/sessions'
import { queueMail } from '../../mail/index.ts'
import { sendPasswordChanged } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { setPassword } from '../store/account-store.ts'
import { deleteProofs } from '../store/mailed-proof-store.ts'
import { assertOwnPassword } from './assert-own-password.ts'
import { assertGoodPassword, hashNewPassword } from './hash-new-password.ts'

export type PasswordChange = { readonly currentPassword: string; readonly newPassword: string }

/** Changes the password and ends every session, including the caller's (S5). */
export async function changePassword(
  deps: PlatformDeps,
  member: MemberPrincipal,
  { currentPassword, newPassword }: PasswordChange,
): Promise<void> {
  assertGoodPassword(newPassword, 'newPassword')
  await assertOwnPassword(deps, member, {
    field: 'currentPassword',
    password: currentPassword,
    route: 'POST /dashboard/account/change-password',
  })
  const passwordHash = await hashNewPassword(newPassword, 'newPassword')
  const { userId, orgId, ip } = member
  await mutate(deps, member, async (tx) => {
    const now = deps.clock.now()
    await setPassword(tx, userId, passwordHash, now)
    await deleteProofs(tx, userId, ['undo_email'])
    await endAllSessions(tx, userId, 'password_change', now)
    if (deps.mailer.isConfigured) await queueMail(tx, sendPasswordChanged, { orgId, userId, ip, atMs: now })
    return { result: undefined, entry: { action: 'user.change_password', resourceId: userId, at: now } }
  })
}
