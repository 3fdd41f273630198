import { query, type TelemetryTx, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'

export type BusyOrg = {
  readonly orgId: string
  readonly calls: number
  /** The calls in the same hour of the days before, for those days on which the org existed. */
  readonly history: readonly number[]
}

const hourMs = 3_600_000

/**
 * Orgs with at least `callsMin` calls in the hour from `hourFromMs` on, and their calls in that hour of earlier days.
 * Measured with 51 orgs, 1,500 calls in each of fifteen such hours, 1.1 million calls: 0.5 s.
 */
export async function listBusyOrgs(
  tx: WriterTx,
  hourFromMs: number,
  { callsMin, historyDays }: { readonly callsMin: number; readonly historyDays: number },
): Promise<BusyOrg[]> {
  const [from, to] = [new Date(hourFromMs), new Date(hourFromMs + hourMs)]
  const { rows } = await sql<{ org_id: string; calls: string; history: string[] }>`
    WITH busy AS MATERIALIZED (
      SELECT org_id, count(*) AS calls FROM gatehouse.api_call
       WHERE at >= ${from} AND at < ${to}
       GROUP BY org_id HAVING count(*) >= ${callsMin}
    )
    SELECT busy.org_id, busy.calls, ARRAY(
             SELECT (SELECT count(*) FROM gatehouse.api_call AS call
                      WHERE call.org_id = busy.org_id
                        AND call.at >= past.from_at AND call.at < past.from_at + interval '1 hour')
               FROM (SELECT ${from}::timestamptz - ago * interval '24 hours' AS from_at
                       FROM generate_series(1, ${historyDays}::integer) AS ago) AS past
              WHERE past.from_at >= org.created_at) AS history
      FROM busy JOIN gatehouse.org AS org ON org.org_id = busy.org_id AND org.erasing_at IS NULL`.execute(
    query(tx),
  )
  return rows.map(({ org_id: orgId, calls, history }) => ({
    orgId,
    calls: Number(calls),
    history: history.map(Number),
  }))
}

export type UsageAnomaly = {
  readonly dayMs: number
  readonly hourFromMs: number
  readonly calls: number
  readonly usualCalls: number
}

/** False when the org already has an anomaly on that day. */
export async function insertUsageAnomaly(tx: TelemetryTx, anomaly: UsageAnomaly): Promise<boolean> {
  const { dayMs, hourFromMs, calls, usualCalls } = anomaly
  const { numAffectedRows } = await sql`
    INSERT INTO platform.usage_anomaly (org_id, day, hour, calls, usual_calls)
    VALUES (${tx.orgId}, ${new Date(dayMs)}, ${new Date(hourFromMs)}, ${calls}, ${usualCalls})
        ON CONFLICT (org_id, day) DO NOTHING`.execute(query(tx))
  return numAffectedRows === 1n
}
