import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { ComputingDeps } from '../../packages/server/src/services/volatility/deps.ts'
import type { OhlcColumns } from '../../packages/server/src/services/volatility/domain/ohlc.ts'
import { barsUpTo } from '../../packages/server/src/services/volatility/fixtures/cut-bars.ts'
import { drawBars } from '../../packages/server/src/services/volatility/fixtures/drawn-bars.ts'
import { volatilityPolicy } from '../../packages/server/src/services/volatility/policy.ts'
import { openFilledMarkets } from '../../packages/server/src/services/volatility/testing/filled-markets.ts'
import { withPreset } from '../../packages/server/src/services/volatility/usecases/choose-preset.ts'
import { createHistoryCache } from '../../packages/server/src/services/volatility/usecases/history-cache.ts'
import { runBacktest } from '../../packages/server/src/services/volatility/usecases/run-backtest.ts'
import { alone, type Benchmark, compare, type Measured } from '../figure.ts'
import { profiled } from '../profiled.ts'
import { median, type Pair } from '../statistics.ts'
import { startThrowAwayDatabase } from '../throw-away-database.ts'

const minuteMs = 60_000
const minutesPerDay = 1_440
const seed = 20_261_129
const pairsMeasured = 5
const goalMs = 150
/** All that is kept of a minute, and a tenth of it, which shows how the cost grows. */
const sizes = [
  { symbol: 'ethusdt', days: 40, suffix: '-0.1x' },
  { symbol: 'btcusdt', days: 400, suffix: '' },
] as const
const asked = {
  timeframe: '1m',
  preset: 'balanced',
  method: 'published',
  rule: 'avoid_high',
  fee_bps: 10,
  slippage_bps: 2,
  include_equity: false,
  thresholds: undefined,
  from_ms: undefined,
  to_ms: undefined,
} as const

/** One rule over 400 days of minutes with nothing in memory: read, replayed, traded. Beside NumPy, which begins with columns. */
export const regimeBacktest: Benchmark = async ({ profilePath, note }) => {
  const python = process.env['BENCH_PYTHON']
  if (python === undefined) note('NumPy is skipped: BENCH_PYTHON names no Python that has it')
  const database = await startThrowAwayDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
  try {
    const endMs = Math.floor(Date.now() / minuteMs) * minuteMs
    const { deps, fill, stop } = await openFilledMarkets(database.db, endMs)
    const measured: Measured[] = []
    for (const { symbol, days, suffix } of sizes) {
      note(`regime-backtest: storing ${days} days of minutes of ${symbol}, seed ${seed}`)
      const bars = barsUpTo(drawBars('1m', days * minutesPerDay, seed), '1m', endMs)
      await fill('binance', symbol, '1m', bars)
      const peer = python === undefined ? undefined : await numPy(python, folder, bars)
      const about = {
        name: `regime-backtest${suffix}`,
        unit: `ms, ${days} days of 1m, cold`,
        goal: '< 150 ms',
      }
      measured.push(await profiled(profilePath, () => measure(deps, symbol, about, peer)))
    }
    await stop()
    return measured
  } finally {
    await database.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(
  deps: ComputingDeps,
  symbol: string,
  about: { readonly name: string; readonly unit: string; readonly goal: string },
  peer: (() => Promise<number>) | undefined,
): Promise<Measured> {
  const wanted = await withPreset(deps, { kind: 'visitor', ip: '192.0.2.1' }, { ...asked, symbol })
  const ours = async (): Promise<number> => {
    const histories = createHistoryCache(volatilityPolicy.historyBarsMax)
    const startedMs = performance.now()
    const { stats } = await runBacktest({ ...deps, histories }, wanted)
    if (stats.n_trades === 0) throw new Error('A backtest without a trade measures less')
    return performance.now() - startedMs
  }
  await ours()
  const pairs: Pair[] = []
  while (pairs.length < pairsMeasured)
    pairs.push({ ours: await ours(), peer: (await peer?.()) ?? Number.NaN })
  const took = median(pairs.map((pair) => pair.ours))
  if (peer === undefined) return alone(about, took, took < goalMs)
  return compare(
    { ...about, peerName: 'NumPy, columns in memory' },
    pairs,
    { ours: took, peer: median(pairs.map((pair) => pair.peer)) },
    () => took < goalMs,
  )
}

/** The same rule by NumPy; resolves to the milliseconds that it took once the columns were in memory. */
async function numPy(python: string, folder: string, bars: OhlcColumns): Promise<() => Promise<number>> {
  const file = join(folder, `${bars.openMs.length}.f64`)
  await writeFile(file, new Float64Array([...bars.opens, ...bars.closes]))
  const script = fileURLToPath(new URL('numpy-backtest.py', import.meta.url))
  return async () => Number((await promisify(execFile)(python, [script, file])).stdout)
}
