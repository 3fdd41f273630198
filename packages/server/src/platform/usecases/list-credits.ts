import { type Database, within } from '@gatehouse/kernel/db'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import * as store from '../store/disclosure-store.ts'

/** The people to be credited for reports to this instance, oldest first. */
export async function listCredits(db: Database): Promise<readonly store.Credit[]> {
  const principal = { kind: 'system', orgId: instanceOrgId, because: 'hall of fame' } as const
  return within({ db }, principal, store.listCredits)
}
