import { query, type TelemetryTx, type TenantTx, type WriterTx } from '@gatehouse/kernel/db'
import { type RawBuilder, sql } from 'kysely'
import type { Seen } from '../domain/coverage.ts'
import type { OversightTables } from './tables.ts'

export type ObservedCall = {
  readonly requestId: string
  readonly receivedAtMs: number
  readonly source: string
  readonly provider: string
  readonly model: string
}

/** Returns whether the call was new. */
export async function insertObservedCall(tx: TelemetryTx, call: ObservedCall): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await query<OversightTables>(tx)
    .insertInto('oversight.observed_call')
    .values({
      org_id: tx.orgId,
      request_id: call.requestId,
      received_at: new Date(call.receivedAtMs),
      source: call.source,
      provider: call.provider,
      model: call.model,
      matched_at: null,
      is_final: false,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** The greatest distance in time between an AI call and a decision about it. */
const apart = sql`interval '24 hours'`

/** When a decision with the call's id was made, if within that distance; otherwise null. */
function matchOf(call: string): RawBuilder<Date | null> {
  const at = sql.ref(`${call}.received_at`)
  const near = (received: string): RawBuilder<unknown> =>
    sql`${sql.ref(received)} BETWEEN ${at} - ${apart} AND ${at} + ${apart}`
  const of = (table: string): RawBuilder<unknown> => sql`(
    SELECT min(found.received_at) FROM ${sql.table(`oversight.${table}`)} AS found
     WHERE found.org_id = ${sql.ref(`${call}.org_id`)} AND found.request_id = ${sql.ref(`${call}.request_id`)}
       AND ${near('found.received_at')})`
  return sql<Date | null>`least(${of('interaction')}, ${of('decision')})`
}

/**
 * Moves calls that no decision can match any more into their daily counts. Marking a call as final and counting it is
 * one statement, so each is counted once. Returns the number of calls.
 */
export async function foldObservedCalls(tx: WriterTx, throughMs: number, limit: number): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    WITH due AS (
      SELECT org_id, request_id FROM oversight.observed_call
       WHERE NOT is_final AND received_at < ${new Date(throughMs)} ORDER BY received_at LIMIT ${limit} FOR UPDATE),
    final AS (
      UPDATE oversight.observed_call AS call
         SET is_final = true, matched_at = coalesce(call.matched_at, ${matchOf('call')})
        FROM due WHERE call.org_id = due.org_id AND call.request_id = due.request_id
      RETURNING call.org_id, call.received_at, call.source, call.provider, call.model, call.matched_at),
    counted AS (
      INSERT INTO oversight.observed_day AS day (org_id, day, source, provider, model, observed, matched)
      SELECT org_id, date_trunc('day', received_at, 'UTC'), source, provider, model, count(*), count(matched_at)
        FROM final GROUP BY 1, 2, 3, 4, 5
      ON CONFLICT (org_id, day, source, provider, model) DO UPDATE
        SET observed = day.observed + excluded.observed, matched = day.matched + excluded.matched)
    SELECT count(*) AS count FROM final`.execute(query(tx))
  return Number(rows[0]?.count)
}

export type CoverageGroup = 'day' | 'source' | 'provider' | 'model'

export type SeenGroup = Seen & { readonly group: string }

/** Calls on these UTC days by group: final ones from daily counts, the others from their rows. */
export async function listSeen(
  tx: TenantTx,
  fromMs: number,
  toMs: number,
  group: CoverageGroup | null,
): Promise<readonly SeenGroup[]> {
  const [from, to] = [new Date(fromMs), new Date(toMs)]
  const by = (table: string, day: RawBuilder<unknown>): RawBuilder<unknown> => {
    if (group === null) return sql`''`
    return group === 'day' ? sql`to_char(${day}, 'YYYY-MM-DD')` : sql.ref(`${table}.${group}`)
  }
  const { rows } = await sql<{ name: string; observed: string; matched: string }>`
    SELECT name, sum(observed) AS observed, sum(matched) AS matched FROM (
      SELECT ${by('day', sql`day.day AT TIME ZONE 'UTC'`)} AS name, day.observed, day.matched
        FROM oversight.observed_day AS day
       WHERE day.org_id = ${tx.orgId} AND day.day >= ${from} AND day.day < ${to}
      UNION ALL
      SELECT ${by('call', sql`call.received_at AT TIME ZONE 'UTC'`)}, 1,
             CASE WHEN coalesce(call.matched_at, ${matchOf('call')}) IS NULL THEN 0 ELSE 1 END
        FROM oversight.observed_call AS call
       WHERE call.org_id = ${tx.orgId} AND NOT call.is_final AND call.received_at >= ${from} AND call.received_at < ${to}
    ) AS seen GROUP BY name ORDER BY name`.execute(query(tx))
  return rows.map((row) => ({
    group: row.name,
    observed: Number(row.observed),
    matched: Number(row.matched),
  }))
}

/** Ids of calls without a decision, newest first. */
export async function listUnmatched(
  tx: TenantTx,
  fromMs: number,
  toMs: number,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ request_id: string }>`
    SELECT request_id FROM oversight.observed_call AS call
     WHERE call.org_id = ${tx.orgId} AND call.received_at >= ${new Date(fromMs)} AND call.received_at < ${new Date(toMs)}
       AND call.matched_at IS NULL AND ${matchOf('call')} IS NULL
     ORDER BY call.received_at DESC, call.request_id LIMIT ${limit}`.execute(query(tx))
  return rows.map((row) => row.request_id)
}

/** Number of decisions with the id of a call that was never observed. */
export async function countUnobserved(tx: TenantTx, fromMs: number, toMs: number): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    SELECT count(*) AS count FROM oversight.interaction AS scored
     WHERE scored.org_id = ${tx.orgId} AND scored.request_id IS NOT NULL
       AND scored.received_at >= ${new Date(fromMs)} AND scored.received_at < ${new Date(toMs)}
       AND NOT EXISTS (
         SELECT FROM oversight.observed_call AS call
          WHERE call.org_id = scored.org_id AND call.request_id = scored.request_id)`.execute(query(tx))
  return Number(rows[0]?.count)
}
