import type { TenantTx } from '@gatehouse/kernel/db'
import { problems } from '../problems.ts'
import { findBreakGlass } from '../store/sso-requirement-store.ts'

/** Where single sign-on is required, one owner can get in when the issuer cannot be reached, and stays that. */
export async function assertNotBreakGlass(tx: TenantTx, userId: string): Promise<void> {
  if ((await findBreakGlass(tx, tx.orgId)) === userId)
    throw problems.BREAK_GLASS_OWNER({ detail: 'Name another break-glass owner for single sign-on first' })
}
