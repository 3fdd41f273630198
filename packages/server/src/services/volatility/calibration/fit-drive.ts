import type { EntrantName, ServedMethod } from '../domain/contest.ts'
import { fitHar, forecastHar, spreadOf } from '../domain/har-gk.ts'
import type { HarCoefficients } from '../domain/har-windows.ts'
import { barsAhead } from '../domain/labels.ts'
import type { Thresholds } from '../domain/regime-machine.ts'
import type { BarRange } from '../domain/run-machine.ts'
import { gridOfQuantiles, gridOfShares, gridOfZ } from '../domain/threshold-grid.ts'
import type { CalibrationColumns } from './series-columns.ts'
import { toSharedColumn } from './shared-columns.ts'

export type GridEntrant = ServedMethod | Extract<EntrantName, 'percentile'>

/** The values that drive the machine, and the thresholds that are tried on them. */
export type FittedDrive = {
  readonly values: Float64Array
  readonly grid: readonly Thresholds[]
  /** For `har-gk` only. */
  readonly coefficients: HarCoefficients | null
  readonly spread: { readonly mean: number; readonly deviation: number } | null
}

/** Fits a method on a range of bars; undefined if it cannot be fitted, as for `har-gk` without its regressors. */
export function fitDrive(
  name: GridEntrant,
  columns: CalibrationColumns,
  training: BarRange,
): FittedDrive | undefined {
  const none = { coefficients: null, spread: null }
  switch (name) {
    case 'published':
      return { values: columns.z, grid: gridOfZ, ...none }
    case 'percentile':
      return { values: columns.percentile, grid: gridOfShares, ...none }
    case 'rv-level':
      return { values: columns.lnRv, grid: quantiles(columns.lnRv, training), ...none }
    case 'har-gk': {
      const { regressors, smooth } = columns
      if (regressors === null) return undefined
      // Labels look ahead, so those of the last training bars would use later data.
      const known = { from: training.from, to: training.to - barsAhead }
      const coefficients = fitHar(regressors, smooth, known)
      if (coefficients === undefined) return undefined
      const forecast = forecastHar(regressors, coefficients)
      const spread = spreadOf(forecast, training)
      const values = toSharedColumn(forecast.map((value) => (value - spread.mean) / spread.deviation))
      return { values, grid: quantiles(values, training), coefficients, spread }
    }
  }
}

function quantiles(values: Float64Array, { from, to }: BarRange): readonly Thresholds[] {
  return gridOfQuantiles(values.subarray(from, to))
}
