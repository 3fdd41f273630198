import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ComputingDeps } from '../../packages/server/src/services/volatility/deps.ts'
import { dayMs } from '../../packages/server/src/services/volatility/domain/day-table.ts'
import { builtInSymbols } from '../../packages/server/src/services/volatility/domain/symbols.ts'
import {
  intervalMs,
  type Timeframe,
  timeframes,
} from '../../packages/server/src/services/volatility/domain/timeframe.ts'
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
import { alone, type Benchmark, compare, type Measured } from '../figure.ts'
import { profiled } from '../profiled.ts'
import { median, type Pair } from '../statistics.ts'
import { startThrowAwayDatabase } from '../throw-away-database.ts'
import { measureDayTables } from './day-tables.ts'
import { type NumPy, numPyOf } from './numpy-peer.ts'

const minuteMs = 60_000
const minutesPerDay = 1_440
const seed = 20_261_129
const pairsMeasured = 5
const goalMs = 300
/** The longest look-back, and a tenth of it, which shows how the cost grows. */
const sizes = [
  { symbol: 'ethusdt', days: 40, suffix: '-0.1x' },
  { symbol: 'btcusdt', days: 400, suffix: '' },
] as const

/**
 * What is computed on stored bars, each time with nothing of the series in memory: read, replayed, classified, counted; and
 * the day tables of a midnight, from as many bars as a backfill reads. The bars are generated from the seed, and lie in a
 * PostgreSQL as the product runs it. Beside NumPy, which begins with columns in memory.
 */
export const regimeAnalytics: Benchmark = async ({ profilePath, note }) => {
  const python = process.env['BENCH_PYTHON']
  if (python === undefined) note('NumPy is skipped: BENCH_PYTHON names no Python that has it')
  const database = await startThrowAwayDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
  try {
    const endMs = Math.floor(Date.now() / minuteMs) * minuteMs
    const { deps, fill, stop } = await openFilledMarkets(database.db, endMs)
    const closes = new Map<string, Float64Array>()
    for (const [index, { symbol }] of builtInSymbols.entries()) {
      note(`regime-analytics: storing bars of ${symbol}, seed ${seed + index}`)
      for (const timeframe of timeframes) {
        const bars = barsUpTo(drawBars(timeframe, barsOf(symbol, timeframe), seed + index), timeframe, endMs)
        await fill('binance', symbol, timeframe, bars)
        if (timeframe === '1m') closes.set(symbol, bars.closes)
      }
    }
    const numPy = numPyOf(python, folder)
    const measured = await profiled(profilePath, () => measureAll(deps, closes, numPy))
    measured.push(await measureDayTables(database.db, deps, endMs))
    await stop()
    return measured
  } finally {
    await database.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** As many as a backfill reads, and of two symbols as many minutes as are looked back on. */
function barsOf(symbol: string, timeframe: Timeframe): number {
  const days = timeframe === '1m' ? sizes.find((size) => size.symbol === symbol)?.days : undefined
  return ((days ?? volatilityPolicy.backfillDays[timeframe]) * dayMs) / intervalMs[timeframe]
}

async function measureAll(
  deps: ComputingDeps,
  closes: ReadonlyMap<string, Float64Array>,
  numPy: NumPy,
): Promise<Measured[]> {
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
    const column = closes.get(symbol) ?? new Float64Array()
    for (const [name, compute] of Object.entries(figures))
      measured.push(
        await time(
          `regime-analytics-${name}${suffix}`,
          `ms, ${days} days of 1m, cold`,
          compute,
          await numPy(name, [column]),
        ),
      )
  }
  for (const window of [60, minutesPerDay]) {
    const columns = [...closes.values()].map((column) => column.slice(-window - 1))
    measured.push(
      await time(
        `regime-analytics-correlation-${window}`,
        `ms, 20 symbols, ${window} bars, cold`,
        () => getMarketCorrelation(deps, { timeframe: '1m', window }, null),
        await numPy('correlation', columns),
      ),
    )
  }
  return measured
}

async function time(
  name: string,
  unit: string,
  compute: () => Promise<unknown>,
  peer: (() => Promise<number>) | undefined,
): Promise<Measured> {
  await compute()
  const pairs: Pair[] = []
  while (pairs.length < pairsMeasured) {
    const startedMs = performance.now()
    await compute()
    pairs.push({ ours: performance.now() - startedMs, peer: (await peer?.()) ?? Number.NaN })
  }
  const took = median(pairs.map(({ ours }) => ours))
  const about = { name, unit, goal: '< 300 ms' }
  if (peer === undefined) return alone(about, took, took < goalMs)
  return compare(
    { ...about, peerName: 'NumPy, columns in memory' },
    pairs,
    { ours: took, peer: median(pairs.map((pair) => pair.peer)) },
    () => took < goalMs,
  )
}
