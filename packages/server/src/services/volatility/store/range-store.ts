import { type GateTx, query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import { isWholeQuantiles, type RangeCoverage, type ResidualQuantiles } from '../domain/volatility-range.ts'
import { numbersOf } from './column-text.ts'

/** The errors of a calibration's forecast, as known at a midnight. */
export type RangeTable = {
  readonly seriesId: number
  readonly seriesVersion: number
  readonly calibrationId: string
  readonly dayMs: number
  readonly residuals: number
  /** Null if there are too few residuals. */
  readonly quantiles: ResidualQuantiles | null
  /** For ranges served in the 30 days before; null if there are too few. */
  readonly coverage: RangeCoverage | null
}

/** An existing table is not changed. */
export async function insertRangeTable(tx: WriterTx, one: RangeTable): Promise<void> {
  await sql`
    INSERT INTO volatility.range_table
      (series_id, series_version, calibration_id, day_ms, residuals, quantiles, coverage)
    VALUES (${one.seriesId}, ${one.seriesVersion}, ${one.calibrationId}, ${one.dayMs}, ${one.residuals},
            ${one.quantiles === null ? null : numbersOf(one.quantiles)}::float8[],
            ${one.coverage === null ? null : JSON.stringify(one.coverage)})
        ON CONFLICT DO NOTHING`.execute(query(tx))
}

type Row = {
  readonly series_version: number
  readonly day_ms: string
  readonly residuals: number
  readonly quantiles: readonly number[] | null
  readonly coverage: RangeCoverage | null
}

/** The tables of a series' newest version by one calibration for some days, by midnight. */
export async function listRangeTables(
  tx: GateTx,
  seriesId: number,
  calibrationId: string,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<ReadonlyMap<number, RangeTable>> {
  const { rows } = await sql<Row>`
    SELECT r.series_version, r.day_ms, r.residuals, r.quantiles, r.coverage
      FROM volatility.range_table r
      JOIN volatility.series s ON s.series_id = r.series_id AND s.version = r.series_version
     WHERE r.series_id = ${seriesId} AND r.calibration_id = ${calibrationId}
       AND r.day_ms BETWEEN ${fromMs}::bigint AND ${toMs}::bigint`.execute(query(tx))
  return new Map(
    rows.map(({ series_version: seriesVersion, day_ms, quantiles: stored, ...row }) => {
      const dayMs = Number(day_ms)
      const quantiles = stored !== null && isWholeQuantiles(stored) ? stored : null
      return [dayMs, { seriesId, seriesVersion, calibrationId, dayMs, ...row, quantiles }]
    }),
  )
}
