import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Domain } from '../domain/interaction.ts'
import type { RoleClass } from '../domain/settings.ts'
import type { OversightTables } from './tables.ts'
import { type Counts, toCounts } from './view-store.ts'

/** An operator's standing in one of their domains. */
export type DomainStanding = {
  readonly operatorId: string
  readonly domain: Domain
  /** The published score; null while withheld. */
  readonly jis: number | null
  readonly roleClass: RoleClass
  readonly lastReceivedAtMs: number
}

/** The standing of every operator in every domain, from the newest states. */
export async function listAllStandings(tx: TenantTx): Promise<readonly DomainStanding[]> {
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.operator_state as s')
    .innerJoin('oversight.operator as o', (join) =>
      join.onRef('o.org_id', '=', 's.org_id').onRef('o.operator_id', '=', 's.operator_id'),
    )
    .select(['s.operator_id', 's.domain', 's.jis', 's.last_received_at', 'o.role_class'])
    .where('s.org_id', '=', tx.orgId)
    .orderBy('s.operator_id')
    .orderBy('s.domain')
    .execute()
  return rows.map((row) => ({
    operatorId: row.operator_id,
    domain: row.domain,
    jis: row.jis === null ? null : Number(row.jis),
    roleClass: row.role_class,
    lastReceivedAtMs: row.last_received_at.getTime(),
  }))
}

/** Plain counts per operator over a span of days, one row each; over all domains if none is named. */
export async function sumSpanByOperator(
  tx: TenantTx,
  { fromDay, toDay }: { readonly fromDay: number; readonly toDay: number },
  domain: Domain | null,
  operatorIds: readonly string[],
): Promise<readonly Counts[]> {
  if (operatorIds.length === 0) return []
  const { rows } = await sql<{ counters: string[]; side: string[] }>`
    SELECT oversight.sum_counters(counters)::text[] AS counters, oversight.sum_counters(side)::text[] AS side
      FROM oversight.operator_day
     WHERE org_id = ${tx.orgId} AND operator_id = ANY (${[...operatorIds]}::text[])
       AND day BETWEEN ${fromDay} AND ${toDay} AND (${domain}::text IS NULL OR domain = ${domain})
     GROUP BY operator_id ORDER BY operator_id`.execute(query(tx))
  return rows.map(toCounts)
}
