import { type GateTx, query } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Regime } from '../domain/regime-code.ts'

/** A stored change. Its number is that of the event that published it. */
export type StoredTransition = {
  readonly seq: number
  readonly seriesId: number
  readonly preset: string
  readonly method: string
  readonly presetVersion: number
  readonly from: Regime
  readonly to: Regime
  readonly tsMs: number
  readonly z: number
  readonly rv: number | null
  readonly baseline: number | null
  readonly close: number
  readonly reason: 'threshold' | 'reset'
  readonly late: boolean
}

type Row = {
  readonly seq: string
  readonly series_id: number
  readonly preset: string
  readonly method: string
  readonly preset_version: number
  readonly from_regime: Regime
  readonly to_regime: Regime
  readonly ts_ms: string
  readonly z: number
  readonly rv: number | null
  readonly baseline: number | null
  readonly close: number
  readonly reason: 'threshold' | 'reset'
  readonly late: boolean
}

/** When each series of a venue was last computed, by id; a difference to the known value means that it changed. */
export async function listComputed(tx: GateTx, venue: string): Promise<ReadonlyMap<number, string>> {
  const { rows } = await sql<{ series_id: number; stamp: string }>`
    SELECT s.series_id, s.version || '/' || coalesce(s.computed_at_ms, 0) || '/' || coalesce(s.cursor_ms, 0)
             || '/' || coalesce(s.tables_ms, 0) || '/' || s.edition AS stamp
      FROM volatility.series s JOIN volatility.market m USING (market_id) WHERE m.venue = ${venue}`.execute(
    query(tx),
  )
  return new Map(rows.map(({ series_id, stamp }) => [series_id, stamp]))
}

/** The newest change of each machine of these series. */
export async function listNewestTransitions(
  tx: GateTx,
  seriesIds: readonly number[],
): Promise<readonly StoredTransition[]> {
  const { rows } = await sql<Row>`
    SELECT t.seq, t.series_id, t.preset, t.method, t.preset_version, t.from_regime, t.to_regime, t.ts_ms, t.z, t.rv,
           t.baseline, t.close, t.reason, t.late
      FROM volatility.machine k
      JOIN volatility.series s USING (series_id)
      JOIN LATERAL (
        SELECT * FROM volatility.transition
         WHERE series_id = k.series_id AND preset = k.preset AND method = k.method
           AND preset_version = k.preset_version AND series_version = s.version
         ORDER BY ts_ms DESC LIMIT 1
      ) t ON true
     WHERE k.series_id = ANY (${[...seriesIds]}::int[])`.execute(query(tx))
  return rows.map(toTransition)
}

export type TransitionRange = {
  readonly seriesId: number
  readonly preset: string
  readonly method: string
  /** From this time on; null: no limit. */
  readonly fromMs: number | null
  /** Before this time. */
  readonly toMs: number | null
  readonly limit: number
  /** Whether the limit keeps the oldest or the newest ones. */
  readonly end: 'oldest' | 'newest'
}

/** Changes of a series by the newest version of a preset, ascending. */
export async function listTransitions(
  tx: GateTx,
  { seriesId, preset, method, fromMs, toMs, limit, end }: TransitionRange,
): Promise<readonly StoredTransition[]> {
  const direction = end === 'oldest' ? sql`ASC` : sql`DESC`
  const { rows } = await sql<Row>`
    SELECT t.seq, t.series_id, t.preset, t.method, t.preset_version, t.from_regime, t.to_regime, t.ts_ms, t.z, t.rv,
           t.baseline, t.close, t.reason, t.late
      FROM volatility.transition t
      JOIN volatility.series s ON s.series_id = t.series_id AND s.version = t.series_version
     WHERE t.series_id = ${seriesId} AND t.preset = ${preset} AND t.method = ${method}
       AND t.preset_version = (SELECT max(preset_version) FROM volatility.machine
                                WHERE series_id = ${seriesId} AND preset = ${preset} AND method = ${method})
       AND (${fromMs}::bigint IS NULL OR t.ts_ms >= ${fromMs})
       AND (${toMs}::bigint IS NULL OR t.ts_ms < ${toMs})
     ORDER BY t.ts_ms ${direction} LIMIT ${limit}`.execute(query(tx))
  const found = rows.map(toTransition)
  return end === 'oldest' ? found : found.toReversed()
}

function toTransition({
  series_id,
  preset_version,
  from_regime,
  to_regime,
  ts_ms,
  seq,
  ...row
}: Row): StoredTransition {
  return {
    seq: Number(seq),
    seriesId: series_id,
    presetVersion: preset_version,
    from: from_regime,
    to: to_regime,
    tsMs: Number(ts_ms),
    ...row,
  }
}
