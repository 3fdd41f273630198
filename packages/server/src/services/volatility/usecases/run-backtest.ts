import type { BacktestBody, BacktestReply } from '../contract/backtest.ts'
import type { ComputingDeps } from '../deps.ts'
import { judgeThresholds, type Thresholds } from '../domain/regime-machine.ts'
import { problems } from '../problems.ts'
import { compute } from './compute.ts'
import { historyKinds } from './history-cache.ts'
import { findSeries, readHistory } from './read-classified.ts'
import { toWireThresholds } from './wire-thresholds.ts'

/** Throws `series_warming_up` where no bar of the range has a state, and `range_too_large` where it takes too long. */
export async function runBacktest(deps: ComputingDeps, body: BacktestBody): Promise<BacktestReply> {
  const { from_ms: fromMs, to_ms: toMs, rule } = body
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs)
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'from_ms', message: 'must be before to_ms' }],
    })
  const found = findSeries(deps, body)
  const thresholds = overlay(found.preset.thresholds, body.thresholds)
  const fault = judgeThresholds(thresholds)
  if (fault !== undefined)
    throw problems.VALIDATION_ERROR({
      fields: [{ field: `thresholds.${fault.field}`, message: `must be such that ${fault.rule}` }],
    })
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

function overlay(thresholds: Thresholds, given: BacktestBody['thresholds']): Thresholds {
  return {
    ...thresholds,
    highEnter: given?.high_enter ?? thresholds.highEnter,
    highExit: given?.high_exit ?? thresholds.highExit,
    lowEnter: given?.low_enter ?? thresholds.lowEnter,
    lowExit: given?.low_exit ?? thresholds.lowExit,
    enterK: given?.enter_k ?? thresholds.enterK,
    exitK: given?.exit_k ?? thresholds.exitK,
  }
}
