import { confidenceBars, type DayTable, makeDayTable } from './day-table.ts'
import { barsAhead, smoothAhead, volatilityAhead } from './labels.ts'
import type { OhlcColumns } from './ohlc.ts'
import { GarmanKlass } from './range-estimators.ts'
import { replaySeries } from './replay.ts'
import { intervalMs, type Timeframe } from './timeframe.ts'

export type TablesInput = {
  readonly timeframe: Timeframe
  readonly bars: Omit<OhlcColumns, 'volumes'>
  /** Ascending. */
  readonly midnights: readonly number[]
}

/**
 * The tables of several midnights, each from bars whose labels were known by then; midnights with too few bars are
 * omitted (specification 7.8).
 */
export function makeDayTables({ timeframe, bars, midnights }: TablesInput): readonly DayTable[] {
  const { openMs } = bars
  const series = replaySeries(timeframe, bars)
  const smoothOfBar = smoothAhead(volatilityAhead(timeframe, series.returns))
  const ranges = new GarmanKlass(timeframe)
  const isReset = new Set(series.resets)
  const smooth = new Float64Array(openMs.length)
  const garmanKlass = new Float64Array(openMs.length)
  const knownMs: number[] = []
  for (let bar = 0; bar < openMs.length; bar += 1) {
    if (isReset.has(bar)) ranges.clear()
    const { opens, highs, lows, closes } = bars
    ranges.push({
      open: opens[bar] ?? 0,
      high: highs[bar] ?? 0,
      low: lows[bar] ?? 0,
      close: closes[bar] ?? 0,
    })
    const label = smoothOfBar[bar] ?? Number.NaN
    const last = openMs[bar + barsAhead]
    const { value } = ranges
    if (last === undefined || value === null || Number.isNaN(label + (series.z[bar] ?? Number.NaN))) continue
    smooth[knownMs.length] = label
    garmanKlass[knownMs.length] = value
    knownMs.push(last + intervalMs[timeframe])
  }
  let matured = 0
  return midnights.flatMap((midnightMs) => {
    while ((knownMs[matured] ?? Number.POSITIVE_INFINITY) <= midnightMs) matured += 1
    const upTo = (column: Float64Array): Float64Array => column.subarray(0, matured)
    const known = { smooth: upTo(smooth), garmanKlass: upTo(garmanKlass) }
    return makeDayTable(midnightMs, known, leastBars(timeframe)) ?? []
  })
}

/** The least number of bars for a table. */
function leastBars(timeframe: Timeframe): number {
  if (timeframe === '1d') return confidenceBars.least1d
  return timeframe === '4h' ? confidenceBars.least4h : confidenceBars.least
}
