import { query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { OversightTables } from './tables.ts'

/** Requests that the service handled, from keys and members, whatever the outcome. */
const ownRoutes = sql`route LIKE '/v1/%'`

/** The number of requests in a span; counting stops at `most`. */
export async function countRequests(
  tx: TenantTx,
  fromMs: number,
  untilMs: number,
  most: number | null,
): Promise<number> {
  const { rows } = await sql<{ requests: string }>`
    SELECT count(*) AS requests FROM (
      SELECT FROM gatehouse.api_call
       WHERE org_id = ${tx.orgId} AND at >= ${new Date(fromMs)} AND at < ${new Date(untilMs)} AND ${ownRoutes}
       LIMIT ${most}) AS counted`.execute(query(tx))
  return Number(rows[0]?.requests ?? 0)
}

/** Does nothing if the day is stored already. */
export async function insertRequestDay(
  tx: TelemetryTx,
  day: number,
  requests: number,
  nowMs: number,
): Promise<void> {
  await query<OversightTables>(tx)
    .insertInto('oversight.request_day')
    .values({ org_id: tx.orgId, day, requests, counted_at: new Date(nowMs) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Daily request counts from `fromDay` to `toDay`, inclusive. */
export async function listRequestDays(
  tx: TenantTx,
  fromDay: number,
  toDay: number,
): Promise<readonly { readonly day: number; readonly requests: number }[]> {
  return query<OversightTables>(tx)
    .selectFrom('oversight.request_day')
    .select(['day', 'requests'])
    .where('org_id', '=', tx.orgId)
    .where('day', '>=', fromDay)
    .where('day', '<=', toDay)
    .orderBy('day')
    .execute()
}

/** Hourly request counts of a span, oldest first; 0 for hours without requests. */
export async function listRequestHours(
  tx: TenantTx,
  fromMs: number,
  untilMs: number,
): Promise<readonly number[]> {
  const { rows } = await sql<{ hour: number; requests: string }>`
    SELECT floor(extract(epoch FROM at - ${new Date(fromMs)}::timestamptz) / 3600)::integer AS hour, count(*) AS requests
      FROM gatehouse.api_call
     WHERE org_id = ${tx.orgId} AND at >= ${new Date(fromMs)} AND at < ${new Date(untilMs)} AND ${ownRoutes}
     GROUP BY 1`.execute(query(tx))
  const hours = Math.ceil((untilMs - fromMs) / 3_600_000)
  const byHour = new Map(rows.map(({ hour, requests }) => [hour, Number(requests)]))
  return Array.from({ length: hours }, (_, hour) => byHour.get(hour) ?? 0)
}
