import type { AuditedTx, Decision } from '@gatehouse/kernel/audit'
import { boundKeysOf } from '@gatehouse/kernel/keys'
import type { Role } from '@gatehouse/kernel/principal'
import { refuseTokensOfOrg } from '@gatehouse/kernel/sessions'
import type { PlatformDeps } from '../deps.ts'
import { deleteInvitationsBy } from '../store/invitation-store.ts'
import { deleteHandedResetsBy } from '../store/mailed-proof-store.ts'
import { deleteMembership, setRole } from '../store/membership-store.ts'
import { type KeyUseDeps, toKeyDeps } from './key-deps.ts'

/**
 * The only function that ends or changes a person's role in an org. The change also ends access tokens and the keys
 * that stand for them and, for a former owner, the invitations that they gave. Returns the additional audit entries.
 */
export async function changeMembership(
  deps: KeyUseDeps & Pick<PlatformDeps, 'clock'>,
  tx: AuditedTx,
  userId: string,
  role: Role | undefined,
  by: string,
): Promise<readonly Decision[]> {
  const now = deps.clock.now()
  await (role === undefined ? deleteMembership(tx, userId) : setRole(tx, userId, role, now))
  await refuseTokensOfOrg(tx, userId, now)
  const withdrawn = role === 'owner' ? [] : await deleteInvitationsBy(tx, userId, now)
  if (role !== 'owner') await deleteHandedResetsBy(tx, userId)
  const revoked = withdrawn.map((id) => ({ action: 'invitation.revoke', resourceId: id, at: now }))
  return [...(await boundKeysOf(toKeyDeps(deps), tx, userId, role, by, now)), ...revoked]
}
