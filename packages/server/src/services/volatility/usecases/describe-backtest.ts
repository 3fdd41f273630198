import type { BacktestReply } from '../contract/backtest.ts'
import type { BacktestRule } from '../domain/backtest.ts'
import type { Classified, TradedHistory } from '../domain/classified-series.ts'
import { judgeTrades, runRangeBacktest, thinOut, tradedRange } from '../domain/run-range-backtest.ts'
import { intervalMs } from '../domain/timeframe.ts'

export type BacktestSettings = {
  readonly rule: BacktestRule
  readonly fromMs: number | undefined
  readonly toMs: number | undefined
  readonly feeBps: number
  readonly slippageBps: number
  readonly isEquityWanted: boolean
}

type Figures = Omit<BacktestReply, 'symbol' | 'timeframe' | 'rule' | 'preset' | 'method' | 'thresholds'>

const tradesMax = 5_000
const pointsMax = 500
const tradesForConclusion = 30
const perBasisPoint = 1e-4

/** Undefined if no bar of the range is classified. */
export function describeBacktest(
  series: Classified<TradedHistory>,
  { rule, fromMs, toMs, feeBps, slippageBps, isEquityWanted }: BacktestSettings,
): Figures | undefined {
  const range = tradedRange(series, fromMs, toMs)
  if (range === undefined) return undefined
  const { first, end } = range
  const made = runRangeBacktest(series, range, rule, {
    fee: feeBps * perBasisPoint,
    slippage: slippageBps * perBasisPoint,
  })
  const { opens, closes, openMs, timeframe } = series
  const endOf = (bar: number): number => (openMs[first + bar] ?? 0) + intervalMs[timeframe]
  const closeOf = (bar: number): number => closes[first + bar] ?? 0
  const { winRate, sharpePerTrade } = judgeTrades(made.trades.map((trade) => trade.return))
  const bars = end - first
  return {
    replayed_bars: bars,
    stats: {
      n_trades: made.trades.length,
      ...(winRate === null ? {} : { win_rate: winRate }),
      total_return: made.totalReturn,
      max_drawdown: made.maxDrawdown,
      ...(sharpePerTrade === null ? {} : { sharpe_per_trade: sharpePerTrade }),
    },
    trades: made.trades.slice(-tradesMax).map((trade) => ({
      entry_ts_ms: endOf(trade.entryBar),
      exit_ts_ms: endOf(trade.exitBar),
      entry_close: closeOf(trade.entryBar),
      exit_close: closeOf(trade.exitBar),
      side: trade.side,
      return: trade.return,
      entry_price: trade.entryPrice,
      exit_price: trade.exitPrice,
    })),
    trades_total: made.trades.length,
    exposure: made.heldBars / bars,
    buy_and_hold_return: bars < 2 ? null : (closes[end - 1] ?? 0) / (opens[first + 1] ?? 1) - 1,
    costs: { fee_bps: feeBps, slippage_bps: slippageBps },
    from_ms: endOf(0),
    to_ms: endOf(bars - 1),
    closed_at_end: made.isClosedAtEnd,
    ruined: made.isRuined,
    sample_note:
      made.trades.length < tradesForConclusion
        ? `too few to conclude: ${made.trades.length} trades, where ${tradesForConclusion} are the least`
        : null,
    ...(isEquityWanted
      ? {
          equity: thinOut(bars, pointsMax).map((bar) => ({
            ts_ms: endOf(bar),
            equity: made.equity[bar] ?? 0,
          })),
        }
      : {}),
  }
}
