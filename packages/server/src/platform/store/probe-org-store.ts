import { type EraserTx, type GateTx, query } from '@gatehouse/kernel/db'
import type { PlatformTables } from './platform-tables.ts'

/**
 * A domain where nobody has an address (RFC 2606 §2). A person made by a probe has the address `NAME-ORGID` there, and
 * is deleted with the org.
 */
export const probeDomain = 'posture.invalid'

/** The orgs of probe runs that were made before this time, without their test orgs. */
export async function listProbeOrgs(tx: GateTx, beforeMs: number): Promise<readonly string[]> {
  const rows = await query<PlatformTables>(tx)
    .selectFrom('gatehouse.org')
    .select('org_id')
    .where('throw_away', '=', true)
    .where('test_of', 'is', null)
    .where('created_at', '<', new Date(beforeMs))
    .execute()
  return rows.map((row) => row.org_id)
}

/** The people that probes made for this org. */
export async function listProbePeople(tx: GateTx, orgId: string): Promise<readonly string[]> {
  const rows = await query<PlatformTables>(tx)
    .selectFrom('platform.user')
    .select('id')
    .where('email', 'like', `%-${orgId}@${probeDomain}`)
    .execute()
  return rows.map(({ id }) => id)
}

export async function deleteProbePerson(tx: EraserTx, userId: string): Promise<void> {
  await query<PlatformTables>(tx).deleteFrom('platform.user').where('id', '=', userId).execute()
}
