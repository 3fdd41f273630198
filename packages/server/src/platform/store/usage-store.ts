import { query, type TenantTx, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { UsageCount } from '../domain/to-usage-table.ts'

/**
 * Calls from `fromMs` on and before `toMs`, both midnights UTC: added-up days, and one by one what is not in them yet.
 * What the session of a person asked for is not among them.
 * Of 3.6 million calls of one org in 90 days, over 30 routes, with 10,000 of them not added up: 33 ms; without the days 4 s.
 */
export async function listUsage(tx: TenantTx, fromMs: number, toMs: number): Promise<UsageCount[]> {
  const [from, to] = [new Date(fromMs), new Date(toMs)]
  const { rows } = await sql<{
    day: Date
    method: string
    route: string
    status_class: number
    calls: string
  }>`
    SELECT day, method, route, status_class, sum(calls)::bigint AS calls
      FROM (SELECT day, method, route, status_class, calls
              FROM platform.usage_day
             WHERE org_id = ${tx.orgId} AND day >= ${from} AND day < ${to}
            UNION ALL
            SELECT date_trunc('day', at, 'UTC'), method, route, status / 100, count(*)
              FROM gatehouse.api_call
             WHERE org_id = ${tx.orgId} AND user_id IS NULL AND at < ${to}
               AND at >= greatest(${from}, (SELECT through FROM platform.usage_progress))
             GROUP BY 1, 2, 3, 4) AS counted
     GROUP BY day, method, route, status_class
     ORDER BY route, method, status_class, day`.execute(query(tx))
  return rows.map(({ day, method, route, status_class: statusClass, calls }) => ({
    dayMs: day.getTime(),
    method,
    route,
    statusClass,
    calls: Number(calls),
  }))
}

/**
 * Adds up the calls of programs before `untilMs` that are not in the days yet, those of `stepMs` at most, and returns up to when they
 * are now. An org whose erasure has begun gets nothing new.
 */
export async function addUpUsage(tx: WriterTx, untilMs: number, stepMs: number): Promise<number> {
  // Whoever holds the row adds up; the next to come goes on from where it left off.
  const { rows } = await sql<{
    through: Date
  }>`SELECT through FROM platform.usage_progress FOR UPDATE`.execute(query(tx))
  const [progress] = rows
  if (progress === undefined) throw new Error('The progress of usage has no row')
  const fromMs = progress.through.getTime()
  const toMs = Math.min(fromMs + stepMs, untilMs)
  if (toMs <= fromMs) return fromMs
  const [from, to] = [new Date(fromMs), new Date(toMs)]
  await sql`
    INSERT INTO platform.usage_day AS known (org_id, day, method, route, status_class, calls)
    SELECT call.org_id, date_trunc('day', call.at, 'UTC'), call.method, call.route, call.status / 100, count(*)
      FROM gatehouse.api_call AS call
      JOIN gatehouse.org AS org ON org.org_id = call.org_id AND org.erasing_at IS NULL
     WHERE call.user_id IS NULL AND call.at >= ${from} AND call.at < ${to}
     GROUP BY 1, 2, 3, 4, 5
        ON CONFLICT (org_id, day, method, route, status_class)
        DO UPDATE SET calls = known.calls + excluded.calls`.execute(query(tx))
  await sql`UPDATE platform.usage_progress SET through = ${to}`.execute(query(tx))
  return toMs
}
