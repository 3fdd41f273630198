import { type GateTx, query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { ToldTable } from '../domain/confidence.ts'
import type { DayTable } from '../domain/day-table.ts'
import { intervalMs, type Timeframe } from '../domain/timeframe.ts'
import { numbersOf } from './column-text.ts'
import { isShort, spanOf } from './span.ts'

type Row = {
  readonly series_id: number
  readonly day_ms: string
  readonly made_after_ms: string
  readonly history_until_ms: string
  readonly bars: number
  readonly q10: number
  readonly q90: number
  readonly edges: readonly number[]
  readonly counts: readonly number[]
}

export type OfDay = { readonly seriesId: number; readonly dayMs: number }

export function dayKey({ seriesId, dayMs }: OfDay): string {
  return `${seriesId}/${dayMs}`
}

/** The day tables of some days, by `dayKey`, if they exist. */
export async function findDayTables(
  tx: GateTx | WriterTx,
  wanted: readonly OfDay[],
): Promise<ReadonlyMap<string, ToldTable>> {
  if (wanted.length === 0) return new Map()
  const { rows } = await sql<Row>`
    SELECT t.series_id, t.day_ms, t.made_after_ms,
           greatest(m.carried_since_ms, s.rebuilt_ms) AS history_until_ms, t.bars, t.q10, t.q90, t.edges, t.counts
      FROM unnest(${numbersOf(wanted.map(({ seriesId }) => seriesId))}::int[],
                  ${numbersOf(wanted.map(({ dayMs }) => dayMs))}::bigint[]) AS wanted (series_id, day_ms)
      JOIN volatility.series s ON s.series_id = wanted.series_id
      JOIN volatility.market m USING (market_id)
      JOIN volatility.day_table t
        ON t.series_id = s.series_id AND t.series_version = s.version AND t.day_ms = wanted.day_ms`.execute(
    query(tx),
  )
  return new Map(
    rows.map((row) => [dayKey({ seriesId: row.series_id, dayMs: Number(row.day_ms) }), toTable(row)]),
  )
}

/** The tables of a series between two midnights, inclusive, by midnight. */
export async function listDayTables(
  tx: GateTx,
  seriesId: number,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<ReadonlyMap<number, ToldTable>> {
  const { rows } = await sql<Row>`
    SELECT t.series_id, t.day_ms, t.made_after_ms,
           greatest(m.carried_since_ms, s.rebuilt_ms) AS history_until_ms, t.bars, t.q10, t.q90, t.edges, t.counts
      FROM volatility.series s
      JOIN volatility.market m USING (market_id)
      JOIN volatility.day_table t ON t.series_id = s.series_id AND t.series_version = s.version
     WHERE s.series_id = ${seriesId} AND t.day_ms BETWEEN ${fromMs}::bigint AND ${toMs}::bigint`.execute(
    query(tx),
  )
  return new Map(rows.map((row) => [Number(row.day_ms), toTable(row)]))
}

function toTable({
  day_ms,
  made_after_ms,
  history_until_ms,
  bars,
  q10,
  q90,
  edges,
  counts: all,
}: Row): ToldTable {
  const counts = Array.from({ length: all.length / 3 }, (_, cell): readonly [number, number, number] => [
    all[3 * cell] ?? 0,
    all[3 * cell + 1] ?? 0,
    all[3 * cell + 2] ?? 0,
  ])
  const share = (label: 0 | 1 | 2): number => counts.reduce((sum, cell) => sum + cell[label], 0) / bars
  return {
    dayMs: Number(day_ms),
    madeAfterMs: Number(made_after_ms),
    historyUntilMs: Number(history_until_ms),
    levels: { q10, q90 },
    edges,
    counts,
    base: [share(0), share(1), share(2)],
    bars,
  }
}

/** How far a series' day tables are made. */
type TablesHead = {
  readonly marketId: number
  readonly version: number
  /** The newest midnight that was processed. */
  readonly tablesMs: number | null
  readonly firstOpenMs: number | null
}

export async function findTablesHead(
  tx: GateTx | WriterTx,
  seriesId: number,
  timeframe: Timeframe,
): Promise<TablesHead | undefined> {
  const { rows } = await sql<{
    market_id: number
    version: number
    tables_ms: string | null
    first_at: Date | null
  }>`
    SELECT s.market_id, s.version, s.tables_ms,
           (SELECT open_at FROM ${barTable(timeframe)}
             WHERE market_id = s.market_id AND span = ${spanOf(timeframe)} ORDER BY open_at LIMIT 1) AS first_at
      FROM volatility.series s WHERE s.series_id = ${seriesId}`.execute(query(tx))
  return rows.map(({ market_id: marketId, version, tables_ms, first_at }) => ({
    marketId,
    version,
    tablesMs: tables_ms === null ? null : Number(tables_ms),
    firstOpenMs: first_at?.getTime() ?? null,
  }))[0]
}

/** Open time of the bar that has this many bars between it and a moment; undefined if there are fewer. */
export async function findOpenBefore(
  tx: GateTx,
  { marketId, timeframe, beforeMs, bars }: BarsBefore,
): Promise<number | undefined> {
  const { rows } = await sql<{ open_at: Date }>`
    SELECT open_at FROM ${barTable(timeframe)}
     WHERE market_id = ${marketId} AND span = ${spanOf(timeframe)} AND open_at < ${new Date(beforeMs)}
     ORDER BY open_at DESC OFFSET ${bars} LIMIT 1`.execute(query(tx))
  return rows[0]?.open_at.getTime()
}

type BarsBefore = {
  readonly marketId: number
  readonly timeframe: Timeframe
  readonly beforeMs: number
  readonly bars: number
}

type MadeTables = {
  readonly seriesId: number
  readonly version: number
  readonly timeframe: Timeframe
  /** The newest midnight up to which all were processed; null if none was. */
  readonly throughMs: number | null
  readonly tables: readonly DayTable[]
}

/**
 * Stores tables while locking the series' row, so that a bar is either among those before the table, or its writer
 * finds the table. False if the series was recomputed. Existing tables are not changed.
 */
export async function saveDayTables(
  tx: WriterTx,
  { seriesId, version, timeframe, throughMs, tables }: MadeTables,
): Promise<boolean> {
  const { rows } = await sql<{ last_open_ms: string | null }>`
    UPDATE volatility.series SET tables_ms = greatest(tables_ms, ${throughMs}::bigint)
     WHERE series_id = ${seriesId} AND version = ${version} RETURNING last_open_ms`.execute(query(tx))
  const [row] = rows
  if (row === undefined) return false
  const madeAfterMs = Number(row.last_open_ms ?? 0) + intervalMs[timeframe]
  for (const { dayMs, bars, levels, edges, counts } of tables)
    await sql`
      INSERT INTO volatility.day_table
        (series_id, series_version, day_ms, made_after_ms, bars, q10, q90, edges, counts)
      VALUES (${seriesId}, ${version}, ${dayMs}, ${madeAfterMs}, ${bars}, ${levels.q10}, ${levels.q90},
              ${numbersOf(edges)}::float8[], ${numbersOf(counts.flat())}::int[])
      ON CONFLICT DO NOTHING`.execute(query(tx))
  return true
}

function barTable(timeframe: Timeframe) {
  return isShort(timeframe) ? sql`volatility.bar` : sql`volatility.long_bar`
}
