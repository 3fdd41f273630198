import { type Backtest, type BacktestRule, type Costs, runBacktest } from './backtest.ts'
import {
  barsEndedBy,
  type Classified,
  type ClassifiedSeries,
  type TradedHistory,
  unclassified,
} from './classified-series.ts'
import { regimeCodes } from './regime-code.ts'

/** The traded bars of a series: from `first` (inclusive) to `end` (exclusive). */
export type TradedRange = { readonly first: number; readonly end: number }

/**
 * The bars within a range of time, from the first classified one on. A bar belongs to the range by its end, `fromMs`
 * inclusive and `toMs` exclusive. Undefined if none is classified.
 */
export function tradedRange(
  series: ClassifiedSeries,
  fromMs: number | undefined,
  toMs: number | undefined,
): TradedRange | undefined {
  const end = toMs === undefined ? series.openMs.length : barsEndedBy(series, toMs - 1)
  let first = fromMs === undefined ? 0 : barsEndedBy(series, fromMs - 1)
  while (first < end && series.regimes[first] === unclassified) first += 1
  return first < end ? { first, end } : undefined
}

/** A backtest with states computed over the whole series and trades within the range only. */
export function runRangeBacktest(
  { opens, closes, regimes }: Classified<TradedHistory>,
  { first, end }: TradedRange,
  rule: BacktestRule,
  costs: Costs,
): Backtest {
  // While a series warms up again, its machine is in normal.
  const stateOf = (code: number | undefined): number =>
    code === undefined || code === unclassified ? regimeCodes.normal : code
  return runBacktest(
    {
      opens: opens.subarray(first, end),
      closes: closes.subarray(first, end),
      regimes: regimes.subarray(first, end).map(stateOf),
      isClassified: (bar) => regimes[first + bar] !== unclassified,
      before: stateOf(regimes[first - 1]),
    },
    rule,
    costs,
  )
}

export type TradeFigures = {
  readonly winRate: number | null
  /** Mean divided by sample deviation of the returns, not annualised; null below two trades, and if all are equal. */
  readonly sharpePerTrade: number | null
}

export function judgeTrades(returns: readonly number[]): TradeFigures {
  const n = returns.length
  const mean = returns.reduce((sum, one) => sum + one, 0) / n
  const deviation = Math.sqrt(returns.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (n - 1))
  return {
    winRate: n === 0 ? null : returns.filter((one) => one > 0).length / n,
    sharpePerTrade: n < 2 || deviation === 0 ? null : mean / deviation,
  }
}

/** At most `pointsMax` bars, evenly spread, including the last one. */
export function thinOut(bars: number, pointsMax: number): readonly number[] {
  const points = Math.min(bars, pointsMax)
  return Array.from({ length: points }, (_, point) => Math.ceil(((point + 1) * bars) / points) - 1)
}
