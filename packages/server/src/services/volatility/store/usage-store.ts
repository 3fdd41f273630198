import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'

export type UsageRow = {
  /** Midnight UTC. */
  readonly dayMs: number
  readonly method: string
  readonly route: string
  readonly status: number
  readonly calls: number
}

/** The organisation's calls of these routes in a span, by day, route and status. */
export async function listUsage(
  tx: TenantTx,
  routes: readonly string[],
  fromMs: number,
  toMs: number,
): Promise<readonly UsageRow[]> {
  const { rows } = await sql<{ day: Date; method: string; route: string; status: number; calls: string }>`
    SELECT date_trunc('day', at, 'UTC') AS day, method, route, status, count(*) AS calls
      FROM gatehouse.api_call
     WHERE org_id = ${tx.orgId} AND at >= ${new Date(fromMs)} AND at < ${new Date(toMs)}
       AND route = ANY (${[...routes]}::text[])
     GROUP BY 1, 2, 3, 4`.execute(query(tx))
  return rows.map(({ day, calls, ...row }) => ({ ...row, dayMs: day.getTime(), calls: Number(calls) }))
}

export async function countCalls(
  tx: TenantTx,
  routes: readonly string[],
  fromMs: number,
  toMs: number,
): Promise<number> {
  const rows = await listUsage(tx, routes, fromMs, toMs)
  return rows.reduce((sum, { calls }) => sum + calls, 0)
}
