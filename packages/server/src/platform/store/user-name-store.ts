import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { PlatformTables } from './platform-tables.ts'

/** The names of the org's members among these ids. */
export async function findUserNames(
  tx: TenantTx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await query<PlatformTables>(tx)
    .selectFrom('platform.membership as member')
    .innerJoin('platform.user as user', 'user.id', 'member.user_id')
    .select(['user.id', 'user.name'])
    .where('member.org_id', '=', tx.orgId)
    .where(sql<boolean>`member.user_id = ANY (${[...ids]}::text[])`)
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}
