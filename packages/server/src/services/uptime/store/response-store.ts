import { query, type TenantTx, type WriterTx } from '@gatehouse/kernel/db'
import { type RawBuilder, sql } from 'kysely'
import { type MeasuredBucket, type Phase, phases, type ResponseBucket } from '../domain/response-figures.ts'
import type { MonitorKey } from './claim-store.ts'

/** From the first millisecond up to but without the last. */
export type Span = { readonly fromMs: number; readonly toMs: number }

type MeasuredRow = {
  readonly start_ms: string
  readonly answered: string
  readonly failed: string
} & Readonly<Record<Phase, readonly number[] | null>>

// Percentiles of six columns would be six sorts of each bucket in PostgreSQL, which is slower than to hand the values over.
const measured = sql`
  count(*) FILTER (WHERE outcome IN ('up', 'degraded')) AS answered,
  count(*) FILTER (WHERE outcome = 'down') AS failed,
  ${sql.join(phases.map(toValues))}`

/**
 * The checks of a monitor that started in one of these spans, in buckets that start at multiples of `bucketMs`. No
 * bucket may lie in two spans.
 */
export async function listMeasured(
  tx: TenantTx,
  monitorId: string,
  spans: readonly Span[],
  bucketMs: number,
): Promise<readonly MeasuredBucket[]> {
  if (spans.length === 0) return []
  const { rows } = await sql<MeasuredRow>`
    SELECT ${toStartMs(bucketMs)} AS start_ms, ${measured}
      FROM unnest(${spans.map(({ fromMs }) => new Date(fromMs).toISOString())}::timestamptz[],
                  ${spans.map(({ toMs }) => new Date(toMs).toISOString())}::timestamptz[]) AS span (from_at, to_at),
           LATERAL (
             SELECT * FROM uptime.check_result
              WHERE org_id = ${tx.orgId} AND monitor_id = ${monitorId}
                AND started_at >= span.from_at AND started_at < span.to_at) AS r
     GROUP BY 1`.execute(query(tx))
  return rows.map(toMeasured)
}

/** By monitor, the checks of one day by the hour. */
export async function listMeasuredHours(
  tx: WriterTx,
  keys: readonly MonitorKey[],
  { fromMs, toMs }: Span,
): Promise<ReadonlyMap<string, readonly MeasuredBucket[]>> {
  const { rows } = await sql<MeasuredRow & { readonly monitor_id: string }>`
    SELECT key.monitor_id, ${toStartMs(3_600_000)} AS start_ms, ${measured}
      FROM ${toKeys(keys)},
           LATERAL (
             SELECT * FROM uptime.check_result
              WHERE org_id = key.org_id AND monitor_id = key.monitor_id
                AND started_at >= ${new Date(fromMs)} AND started_at < ${new Date(toMs)}) AS r
     GROUP BY 1, 2`.execute(query(tx))
  const grouped = Map.groupBy(rows, (row) => row.monitor_id)
  return new Map([...grouped].map(([id, found]) => [id, found.map(toMeasured)]))
}

type DayRow = { readonly day: Date; readonly buckets: readonly ResponseBucket[] }

/** The stored days of a monitor in a span, each with its buckets of this length. */
export async function listResponseDays(
  tx: TenantTx,
  monitorId: string,
  { fromMs, toMs }: Span,
  bucketMs: number,
): Promise<readonly { readonly dayMs: number; readonly buckets: readonly ResponseBucket[] }[]> {
  const { rows } = await sql<DayRow>`
    SELECT day, buckets -> ${String(bucketMs / 1_000)} AS buckets FROM uptime.response_day
     WHERE org_id = ${tx.orgId} AND monitor_id = ${monitorId}
       AND day >= ${new Date(fromMs)} AND day < ${new Date(toMs)} AND buckets ? ${String(bucketMs / 1_000)}
     ORDER BY day`.execute(query(tx))
  return rows.map(({ day, buckets }) => ({ dayMs: day.getTime(), buckets }))
}

/** Buckets by their length in seconds. */
export type ResponseDay = MonitorKey & {
  readonly buckets: Readonly<Record<string, readonly ResponseBucket[]>>
}

/** The days of monitors that are not stored, newest first. */
export async function listMissingDays(
  tx: WriterTx,
  { fromMs, toMs }: Span,
  rowsMax: number,
): Promise<readonly (MonitorKey & { readonly dayMs: number })[]> {
  const { rows } = await sql<{ readonly org_id: string; readonly monitor_id: string; readonly day: Date }>`
    SELECT m.org_id, m.id AS monitor_id, missing.day
      FROM generate_series(${new Date(fromMs)}::timestamptz, ${new Date(toMs)}::timestamptz - interval '24 hours',
                           interval '24 hours') AS missing (day)
      JOIN uptime.monitor m ON m.created_at < missing.day + interval '24 hours'
     WHERE NOT EXISTS (SELECT FROM uptime.response_day d
                        WHERE d.org_id = m.org_id AND d.monitor_id = m.id AND d.day = missing.day)
     ORDER BY missing.day DESC LIMIT ${rowsMax}`.execute(query(tx))
  return rows.map((row) => ({ orgId: row.org_id, monitorId: row.monitor_id, dayMs: row.day.getTime() }))
}

/** Waits for late results of these monitors that are being written; those that come later remove what is stored. */
export async function lockResponseDays(tx: WriterTx, keys: readonly MonitorKey[]): Promise<void> {
  await sql`
    SELECT pg_advisory_xact_lock(id) FROM (
      SELECT uptime.response_day_lock(key.org_id, key.monitor_id) AS id FROM ${toKeys(keys)} ORDER BY 1) AS locks`.execute(
    query(tx),
  )
}

export async function insertResponseDays(
  tx: WriterTx,
  dayMs: number,
  days: readonly ResponseDay[],
): Promise<void> {
  await sql`
    INSERT INTO uptime.response_day (org_id, monitor_id, day, buckets)
    SELECT made.org_id, made.monitor_id, ${new Date(dayMs)}, made.buckets::jsonb
      FROM unnest(
        ${days.map(({ orgId }) => orgId)}::uuid[],
        ${days.map(({ monitorId }) => monitorId)}::text[],
        ${days.map(({ buckets }) => JSON.stringify(buckets))}::text[]) AS made (org_id, monitor_id, buckets)
      -- The monitor may be deleted meanwhile.
      JOIN uptime.monitor m ON m.org_id = made.org_id AND m.id = made.monitor_id
    ON CONFLICT DO NOTHING`.execute(query(tx))
}

function toKeys(keys: readonly MonitorKey[]): RawBuilder<unknown> {
  return sql`unnest(${keys.map(({ orgId }) => orgId)}::uuid[], ${keys.map(({ monitorId }) => monitorId)}::text[])
    AS key (org_id, monitor_id)`
}

function toStartMs(bucketMs: number): RawBuilder<unknown> {
  return sql`extract(epoch FROM date_bin(make_interval(secs => ${bucketMs / 1_000}), started_at, 'epoch'))::bigint * 1000`
}

function toValues(phase: Phase): RawBuilder<unknown> {
  const column = sql.ref(`${phase}_ms`)
  return sql`
    json_agg(${column}) FILTER (WHERE outcome IN ('up', 'degraded') AND ${column} IS NOT NULL) AS ${sql.ref(phase)}`
}

function toMeasured(row: MeasuredRow): MeasuredBucket {
  return {
    startMs: Number(row.start_ms),
    answered: Number(row.answered),
    failed: Number(row.failed),
    durationsMs: {
      dns: row.dns ?? [],
      connect: row.connect ?? [],
      tls: row.tls ?? [],
      ttfb: row.ttfb ?? [],
      download: row.download ?? [],
      total: row.total ?? [],
    },
  }
}
