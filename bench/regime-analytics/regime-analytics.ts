import type { ComputingDeps } from '../../packages/server/src/services/volatility/deps.ts'
import { builtInSymbols } from '../../packages/server/src/services/volatility/domain/symbols.ts'
import { barsUpTo } from '../../packages/server/src/services/volatility/fixtures/cut-bars.ts'
import { drawBars } from '../../packages/server/src/services/volatility/fixtures/drawn-bars.ts'
import { volatilityPolicy } from '../../packages/server/src/services/volatility/policy.ts'
import { openFilledMarkets } from '../../packages/server/src/services/volatility/testing/filled-markets.ts'
import {
  getConditionalReturns,
  getDurations,
  getMatrix,
} from '../../packages/server/src/services/volatility/usecases/get-analytics.ts'
import { getMarketCorrelation } from '../../packages/server/src/services/volatility/usecases/get-correlation.ts'
import { findAsked } from '../../packages/server/src/services/volatility/usecases/choose-preset.ts'
import { createHistoryCache } from '../../packages/server/src/services/volatility/usecases/history-cache.ts'
import { alone, type Benchmark, type Measured } from '../figure.ts'
import { profiled } from '../profiled.ts'
import { median } from '../statistics.ts'
import { startThrowAwayDatabase } from '../throw-away-database.ts'

const minuteMs = 60_000
const minutesPerDay = 1_440
const seed = 20_261_129
const rounds = 5
const goalMs = 300
/** The longest look-back, and a tenth of it, which shows how the cost grows. */
const sizes = [
  { symbol: 'ethusdt', days: 40, suffix: '-0.1x' },
  { symbol: 'btcusdt', days: 400, suffix: '' },
] as const
const correlatedBars = 2 * minutesPerDay

/**
 * What is computed on stored bars, each time with nothing of the series in memory: read, replayed, classified, counted. The
 * bars are generated from the seed, and lie in a PostgreSQL as the product runs it.
 */
export const regimeAnalytics: Benchmark = async ({ profilePath, note }) => {
  const database = await startThrowAwayDatabase()
  try {
    const endMs = Math.floor(Date.now() / minuteMs) * minuteMs
    const { deps, fill, stop } = await openFilledMarkets(database.db, endMs)
    for (const [index, { symbol }] of builtInSymbols.entries()) {
      const days = sizes.find((size) => size.symbol === symbol)?.days
      const bars = days === undefined ? correlatedBars : days * minutesPerDay
      note(
        `regime-analytics: storing ${bars.toLocaleString('en')} minutes of ${symbol}, seed ${seed + index}`,
      )
      await fill('binance', symbol, '1m', barsUpTo(drawBars('1m', bars, seed + index), '1m', endMs))
    }
    const measured = await profiled(profilePath, () => measureAll(deps))
    await stop()
    return measured
  } finally {
    await database.stop()
  }
}

async function measureAll(deps: ComputingDeps): Promise<readonly Measured[]> {
  const measured: Measured[] = []
  for (const { symbol, days, suffix } of sizes) {
    const asked = {
      symbol,
      timeframe: '1m',
      preset: await findAsked(deps, { kind: 'visitor', ip: '192.0.2.1' }, 'balanced', 'published'),
      lookback_days: days,
    } as const
    const cold = (): ComputingDeps => ({
      ...deps,
      histories: createHistoryCache(volatilityPolicy.historyBarsMax),
    })
    const figures = {
      matrix: () => getMatrix(cold(), asked),
      durations: () => getDurations(cold(), asked),
      returns: () => getConditionalReturns(cold(), { ...asked, horizon_bars: 1 }),
    }
    for (const [name, compute] of Object.entries(figures))
      measured.push(await time(`regime-analytics-${name}${suffix}`, `ms, ${days} days of 1m, cold`, compute))
  }
  for (const window of [60, minutesPerDay])
    measured.push(
      await time(`regime-analytics-correlation-${window}`, `ms, 20 symbols, ${window} bars, cold`, () =>
        getMarketCorrelation(deps, { timeframe: '1m', window }, null),
      ),
    )
  return measured
}

async function time(name: string, unit: string, compute: () => Promise<unknown>): Promise<Measured> {
  await compute()
  const tookMs: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now()
    await compute()
    tookMs.push(performance.now() - startedMs)
  }
  const took = median(tookMs)
  return alone({ name, unit, goal: '< 300 ms' }, took, took < goalMs)
}
