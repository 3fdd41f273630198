import type { BacktestBody, BacktestReply } from '../contract/backtest.ts'
import type { ComputingDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import type { AskedPreset } from './choose-preset.ts'
import { compute } from './compute.ts'
import { historyKinds } from './history-cache.ts'
import { findSeries, readHistory } from './read-classified.ts'
import { overlayThresholds, toWireThresholds } from './wire-thresholds.ts'

/** A backtest with its preset resolved. */
export type WantedBacktest = Omit<BacktestBody, 'preset' | 'method'> & { readonly preset: AskedPreset }

/** Throws `series_warming_up` if no bar of the range has a state, and `range_too_large` if it takes too long. */
export async function runBacktest(deps: ComputingDeps, body: WantedBacktest): Promise<BacktestReply> {
  const { from_ms: fromMs, to_ms: toMs, rule } = body
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs)
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'from_ms', message: 'must be before to_ms' }],
    })
  const found = findSeries(deps, body)
  const thresholds = overlayThresholds(found.preset.thresholds, body.thresholds, 'thresholds.')
  const history = await readHistory(deps, found, historyKinds.fills)
  const settings = {
    rule,
    fromMs,
    toMs,
    feeBps: body.fee_bps,
    slippageBps: body.slippage_bps,
    isEquityWanted: body.include_equity,
  }
  const middle = history.openMs[history.openMs.length >>> 1] ?? 0
  const made = await compute(
    deps,
    'backtest',
    { history, thresholds, ...settings },
    { field: 'from_ms', fits: `half of the bars fit, those from ${middle} on` },
  )
  if (made === undefined)
    throw problems.series_warming_up({
      detail: `${found.told.symbol} ${found.told.timeframe} has no bar with a state in this range yet`,
    })
  const { symbol, timeframe, preset, method } = found.told
  return {
    symbol,
    timeframe,
    rule,
    preset,
    method,
    thresholds: toWireThresholds(thresholds),
    ...made,
  }
}
