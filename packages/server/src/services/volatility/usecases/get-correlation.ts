import { asGate } from '@gatehouse/kernel/db'
import type { MarketCorrelationReply, SymbolCorrelationReply } from '../contract/correlation.ts'
import type { ComputingDeps } from '../deps.ts'
import { commonReturns, type CommonReturns } from '../domain/common-returns.ts'
import { betaTo, correlate, correlationInterval, couplingOf } from '../domain/correlation.ts'
import { intervalMs, type Timeframe } from '../domain/timeframe.ts'
import { problems } from '../problems.ts'
import { listRecentCloses } from '../store/bar-columns-store.ts'
import { findSymbol } from './choose-series.ts'

type Asked = { readonly timeframe: Timeframe; readonly window: number }
/** Null for all. */
type Visible = ReadonlySet<string> | null

/** The correlation between all symbols (wire W4.4). */
export async function getMarketCorrelation(
  deps: ComputingDeps,
  asked: Asked,
  visible: Visible,
): Promise<MarketCorrelationReply> {
  const common = await readReturns(deps, asked, visible)
  const { kept, excluded } = common
  const pairs = kept.flatMap((one, index) =>
    kept.slice(index + 1).map((other) => rho(one.returns, other.returns)),
  )
  if (common.lastOpenMs === null || pairs.length === 0) throw tooFew(common)
  const mean = pairs.reduce((sum, value) => sum + value, 0) / pairs.length
  const squares = pairs.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return {
    timeframe: asked.timeframe,
    window_bars: asked.window,
    symbols: kept.map(({ symbol }) => symbol),
    mean_correlation: mean,
    ...(pairs.length < 2 ? {} : { stdev_correlation: Math.sqrt(squares / (pairs.length - 1)) }),
    regime: couplingOf(mean),
    pairs: pairs.length,
    as_of_ms: common.lastOpenMs + intervalMs[asked.timeframe],
    excluded: [...excluded],
  }
}

/** The correlation of a symbol with each other one, and with a reference. */
export async function getSymbolCorrelation(
  deps: ComputingDeps,
  asked: Asked & { readonly symbol: string; readonly reference: string },
  visible: Visible,
): Promise<SymbolCorrelationReply> {
  const { symbol } = findSymbol(deps, asked.symbol)
  const { symbol: reference } = findSymbol(deps, asked.reference)
  const common = await readReturns(deps, asked, visible)
  const returnsOf = (name: string): Float64Array | undefined =>
    common.kept.find((one) => one.symbol === name)?.returns
  const [own, referred] = [returnsOf(symbol), returnsOf(reference)]
  if (common.lastOpenMs === null || common.kept.length < 2) throw tooFew(common)
  for (const [name, returns] of [
    [symbol, own],
    [reference, referred],
  ] as const)
    if (returns === undefined) throw leftOut(common, name)
  const beta = own === undefined || referred === undefined ? null : betaTo(referred, own)
  if (own === undefined || beta === null) throw tooFew(common)
  const peers = common.kept
    .filter((one) => one.symbol !== symbol)
    .map((one) => [one.symbol, rho(own, one.returns)] as const)
  return {
    symbol,
    timeframe: asked.timeframe,
    window_bars: asked.window,
    reference,
    beta_to_reference: beta,
    correlation_with_peers: Object.fromEntries(peers),
    ci95: Object.fromEntries(
      peers.map(([peer, value]) => {
        const [low, high] = correlationInterval(value, asked.window)
        const interval: [number, number] = [low, high]
        return [peer, interval]
      }),
    ),
    as_of_ms: common.lastOpenMs + intervalMs[asked.timeframe],
    excluded: [...common.excluded],
  }
}

/** Symbols without movement were left out, so the correlation always exists. */
function rho(a: Float64Array, b: Float64Array): number {
  // Rounding can give a correlation slightly above 1 for identical series.
  return Math.max(-1, Math.min(1, correlate(a, b) ?? 0))
}

/** The last bars of series differ by at most the staleness limit, so twice the window is enough. */
async function readReturns(
  deps: ComputingDeps,
  { timeframe, window }: Asked,
  visible: Visible,
): Promise<CommonReturns> {
  const interval = intervalMs[timeframe]
  const seen = deps.board.symbols.filter(({ symbol }) => visible?.has(symbol) !== false)
  const primary = seen.map(({ symbol, primary: venue }) => ({
    symbol,
    marketId: deps.board.findMarket(venue, symbol)?.marketId,
    lastOpenMs: deps.board.find(venue, symbol, timeframe)?.reading?.openMs ?? null,
    isStale: deps.board.isStale(venue, symbol),
  }))
  const fresh = primary.flatMap(({ marketId, lastOpenMs, isStale }) =>
    isStale || marketId === undefined || lastOpenMs === null ? [] : [{ marketId, lastOpenMs }],
  )
  const earliestMs = fresh.reduce((least, { lastOpenMs }) => Math.min(least, lastOpenMs), deps.clock.now())
  const closes = await asGate(deps, (tx) =>
    listRecentCloses(
      tx,
      fresh.map(({ marketId }) => marketId),
      timeframe,
      earliestMs - (2 * window + 1) * interval,
    ),
  )
  const none = new Float64Array(0)
  return commonReturns(
    primary.map(({ symbol, marketId, isStale }) => {
      const { openMs, closes: values } = closes.get(marketId ?? -1) ?? { openMs: none, closes: none }
      return { symbol, openMs, closes: values, isStale }
    }),
    interval,
    window,
  )
}

function tooFew({ excluded }: CommonReturns): Error {
  return problems.series_warming_up({
    detail: `Fewer than two symbols have whole windows of bars; left out: ${excluded.map(({ symbol, reason }) => `${symbol} (${reason})`).join(', ')}`,
  })
}

function leftOut({ excluded }: CommonReturns, name: string): Error {
  const reason = excluded.find(({ symbol }) => symbol === name)?.reason ?? 'no_bars'
  return problems.series_warming_up({ detail: `${name} is left out: ${reason}` })
}
