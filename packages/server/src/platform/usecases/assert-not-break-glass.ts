import type { TenantTx } from '@gatehouse/kernel/db'
import { problems } from '../problems.ts'
import { findBreakGlass } from '../store/sso-requirement-store.ts'

/**
 * Throws for the break-glass owner: where single sign-on is required, that owner must stay, to get in when the issuer
 * cannot be reached.
 */
export async function assertNotBreakGlass(tx: TenantTx, userId: string): Promise<void> {
  if ((await findBreakGlass(tx, tx.orgId)) === userId)
    throw problems.BREAK_GLASS_OWNER({ detail: 'Name another break-glass owner for single sign-on first' })
}
