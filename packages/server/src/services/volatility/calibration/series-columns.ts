import { percentileDrive, robustScores } from '../domain/baselines.ts'
import type { EntrantName } from '../domain/contest.ts'
import { garmanKlassVariances, harRegressors } from '../domain/har-gk.ts'
import {
  globalLabels,
  globalLevels,
  type LabelLevels,
  type Labels,
  localLabels,
  smoothAhead,
  volatilityAhead,
} from '../domain/labels.ts'
import { lnOf } from '../domain/method-drive.ts'
import type { OhlcColumns } from '../domain/ohlc.ts'
import { replaySeries } from '../domain/replay.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import { toSharedColumn, toSharedLabels } from './shared-columns.ts'

/** The data of each bar that calibration needs; NaN where there is no value. Threads share the columns. */
export type CalibrationColumns = {
  readonly bars: number
  readonly z: Float64Array
  readonly lnRv: Float64Array
  readonly percentile: Float64Array
  readonly robust: Float64Array
  readonly variances: Float64Array
  /** For `har-gk`, which exists only for 1-minute bars. */
  readonly regressors: readonly Float64Array[] | null
  /** S, from which labels are computed. */
  readonly smooth: Float64Array
  readonly levels: LabelLevels
  /** With the levels of all bars that have a z. */
  readonly global: Labels
  readonly local: Labels
}

/** Columns that no entrant uses are empty. */
export function toCalibrationColumns(
  timeframe: Timeframe,
  bars: OhlcColumns,
  entrants: readonly EntrantName[],
): CalibrationColumns {
  const columnOf = (name: EntrantName, make: () => Float64Array): Float64Array =>
    entrants.includes(name) ? toSharedColumn(make()) : new Float64Array()
  const { z, rv, returns, resets } = replaySeries(timeframe, bars)
  const smooth = smoothAhead(volatilityAhead(timeframe, returns))
  const levels = globalLevels(smooth.filter((_, bar) => !Number.isNaN(z[bar])))
  const variances = garmanKlassVariances(bars)
  return {
    bars: z.length,
    z: toSharedColumn(z),
    lnRv: toSharedColumn(rv.map((value) => lnOf(value) ?? Number.NaN)),
    percentile: columnOf('percentile', () => percentileDrive(rv)),
    robust: columnOf('cusum', () => robustScores(rv)),
    variances: toSharedColumn(variances),
    regressors: timeframe === '1m' ? harRegressors(variances, resets) : null,
    smooth,
    levels,
    global: toSharedLabels(globalLabels(smooth, levels)),
    local: localLabels(smooth, rv),
  }
}
