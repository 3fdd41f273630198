import { type GateTx, query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { CalibrationReport } from '../calibration/calibrate.ts'
import type { LiveFigures } from '../domain/live-quality.ts'
import type { Regime } from '../domain/regime-code.ts'
import type { Timeframe } from '../domain/timeframe.ts'

export type Measured = {
  readonly symbol: string
  readonly timeframe: Timeframe
  readonly venue: string
  readonly report: CalibrationReport
  readonly atMs: number
}

/** Stores the newest measurement, replacing the previous one. */
export async function saveQuality(
  tx: WriterTx,
  { symbol, timeframe, venue, report, atMs }: Measured,
): Promise<void> {
  await sql`
    INSERT INTO volatility.quality (symbol, timeframe, venue, report, measured_at)
    VALUES (${symbol}, ${timeframe}, ${venue}, ${JSON.stringify(report)}, ${new Date(atMs)})
        ON CONFLICT (symbol, timeframe)
        DO UPDATE SET venue = excluded.venue, report = excluded.report, measured_at = excluded.measured_at`.execute(
    query(tx),
  )
}

export async function findQuality(
  tx: GateTx,
  symbol: string,
  timeframe: Timeframe,
): Promise<Omit<Measured, 'symbol' | 'timeframe'> | undefined> {
  const { rows } = await sql<{ venue: string; report: CalibrationReport; measured_at: Date }>`
    SELECT venue, report, measured_at FROM volatility.quality
     WHERE symbol = ${symbol} AND timeframe = ${timeframe}`.execute(query(tx))
  return rows.map(({ venue, report, measured_at }) => ({ venue, report, atMs: measured_at.getTime() }))[0]
}

/** The machine, and the midnight that its evaluated days end at. */
type LiveKey = {
  readonly seriesId: number
  readonly preset: string
  readonly method: string
}

export type LiveQuality = LiveKey & {
  readonly presetVersion: number
  readonly seriesVersion: number
  readonly dayMs: number
  readonly figures: LiveFigures
}

export async function saveLiveQuality(tx: WriterTx, one: LiveQuality): Promise<void> {
  await sql`
    INSERT INTO volatility.live_quality
      (series_id, preset, method, preset_version, series_version, day_ms, figures)
    VALUES (${one.seriesId}, ${one.preset}, ${one.method}, ${one.presetVersion}, ${one.seriesVersion}, ${one.dayMs},
            ${JSON.stringify(one.figures)})
        ON CONFLICT (series_id, preset, method)
        DO UPDATE SET preset_version = excluded.preset_version, series_version = excluded.series_version,
                      day_ms = excluded.day_ms, figures = excluded.figures`.execute(query(tx))
}

type LiveRow = {
  readonly series_id: number
  readonly preset: string
  readonly method: string
  readonly preset_version: number
  readonly series_version: number
  readonly day_ms: string
  readonly figures: LiveFigures
}

export async function findLiveQuality(
  tx: GateTx,
  { seriesId, preset, method }: LiveKey,
): Promise<LiveQuality | undefined> {
  const { rows } = await sql<LiveRow>`
    SELECT series_id, preset, method, preset_version, series_version, day_ms, figures FROM volatility.live_quality
     WHERE series_id = ${seriesId} AND preset = ${preset} AND method = ${method}`.execute(query(tx))
  return rows.map((row) => ({
    seriesId: row.series_id,
    preset: row.preset,
    method: row.method,
    presetVersion: row.preset_version,
    seriesVersion: row.series_version,
    dayMs: Number(row.day_ms),
    figures: row.figures,
  }))[0]
}

/** A stamp that changes whenever the data of a reply changes. */
export async function findQualityStamp(
  tx: GateTx,
  { symbol, timeframe, seriesId, preset, method }: LiveKey & Pick<Measured, 'symbol' | 'timeframe'>,
): Promise<string> {
  const { rows } = await sql<{ stamp: string }>`
    SELECT concat_ws('/',
      (SELECT extract(epoch FROM measured_at) FROM volatility.quality
        WHERE symbol = ${symbol} AND timeframe = ${timeframe}),
      (SELECT preset_version || ':' || series_version || ':' || day_ms FROM volatility.live_quality
        WHERE series_id = ${seriesId} AND preset = ${preset} AND method = ${method})) AS stamp`.execute(
    query(tx),
  )
  return rows[0]?.stamp ?? ''
}

type TimedRegime = { readonly tsMs: number; readonly to: Regime }

/** Changes that a preset version published after a moment, ascending, and the last one before it. */
export async function listShownRegimes(
  tx: GateTx,
  { seriesId, preset, method }: LiveKey,
  version: number,
  afterMs: number,
): Promise<readonly TimedRegime[]> {
  const { rows } = await sql<{ ts_ms: string; to_regime: Regime }>`
    SELECT t.ts_ms, t.to_regime
      FROM volatility.transition t
      JOIN volatility.series s ON s.series_id = t.series_id AND s.version = t.series_version
     WHERE t.series_id = ${seriesId} AND t.preset = ${preset} AND t.method = ${method}
       AND t.preset_version = ${version}
       AND t.ts_ms >= coalesce((SELECT max(ts_ms) FROM volatility.transition
                                 WHERE series_id = ${seriesId} AND preset = ${preset} AND method = ${method}
                                   AND preset_version = ${version} AND series_version = s.version
                                   AND ts_ms <= ${afterMs}), 0)
     ORDER BY t.ts_ms`.execute(query(tx))
  return rows.map(({ ts_ms, to_regime }) => ({ tsMs: Number(ts_ms), to: to_regime }))
}
