import { existsSync } from 'node:fs'
import { builtInPresets } from '../../packages/server/src/services/volatility/domain/built-in-presets.ts'
import {
  startOfMachine,
  stepMachine,
} from '../../packages/server/src/services/volatility/domain/regime-machine.ts'
import { replayMachine, replaySeries } from '../../packages/server/src/services/volatility/domain/replay.ts'
import { VolatilitySeries } from '../../packages/server/src/services/volatility/domain/volatility-series.ts'
import { alone, type Benchmark, compare, type Measured } from '../figure.ts'
import { installPeers, peerUrl } from '../install-peers.ts'
import { profiled } from '../profiled.ts'
import { median, type Pair } from '../statistics.ts'
import { drawCloses } from './drawn-closes.ts'
import { differenceOf, naiveMoments } from './naive-windows.ts'

const bars = 5_000_000
const perRound = 1_000_000
const seed = 20_241_202
const pairsMeasured = 5
const goals = { updatesPerSecond: 3_000_000, replaySeconds: 2, difference: 1e-9 } as const
const preset = builtInPresets.balanced
const minuteMs = 60_000

/** P13: the published method by itself, on one core, without a database. */
export const regimeCore: Benchmark = async ({ profilePath, note }) => {
  note(`regime-core: ${bars} drawn bars, seed ${seed}`)
  const openMs = Float64Array.from({ length: bars }, (_, bar) => bar * minuteMs)
  const closes = drawCloses(bars, seed)
  update(closes, perRound)
  const rates = await profiled(profilePath, async () =>
    Array.from({ length: pairsMeasured }, () => update(closes, perRound)),
  )
  const rate = median(rates)
  const replays = Array.from({ length: 3 }, () => replay(openMs, closes))
  const seconds = median(replays)
  const ten = replay(
    Float64Array.from({ length: 10 * bars }, (_, bar) => bar * minuteMs),
    Float64Array.from({ length: 10 * bars }, (_, bar) => closes[bar % bars] ?? 1),
  )
  note(`regime-core: a replay of ten times the bars takes ${(ten / seconds).toFixed(1)} times as long`)
  const difference = largestDifference(openMs, closes)
  return [
    alone(
      { name: 'regime-core', unit: 'bars/s: return, RV, z and machine, one core', goal: '≥ 3,000,000' },
      rate,
      rate >= goals.updatesPerSecond,
    ),
    alone(
      { name: 'regime-core', unit: 's for a replay of 5,000,000 bars with transitions', goal: '< 2' },
      seconds,
      seconds < goals.replaySeconds,
    ),
    alone(
      { name: 'regime-core', unit: 'largest difference from a naive recompute', goal: '≤ 1e-9' },
      difference,
      difference <= goals.difference,
    ),
    ...(await comparePeers(closes, note)),
  ]
}

/** Bars a second of the full update, as a live bar has it. */
function update(closes: Float64Array, amount: number): number {
  const series = new VolatilitySeries('1m')
  let machine = startOfMachine
  let high = 0
  const startedMs = performance.now()
  for (let bar = 0; bar < amount; bar += 1) {
    series.push(bar * minuteMs, closes[bar] ?? 1)
    machine = stepMachine(machine, series.z, preset)
    if (machine.regime === 'high') high += 1
  }
  const rate = amount / ((performance.now() - startedMs) / 1_000)
  if (high === 0) throw new Error('The drawn market was never wild')
  return rate
}

function replay(openMs: Float64Array, closes: Float64Array): number {
  const startedMs = performance.now()
  const { z, resets } = replaySeries('1m', { openMs, closes })
  const { transitions } = replayMachine({ timeframe: '1m', openMs, z, resets }, preset)
  const seconds = (performance.now() - startedMs) / 1_000
  if (transitions.length === 0) throw new Error('A replay without a transition measures less')
  return seconds
}

/** Of realised volatility, baseline and sigma, over all bars. */
function largestDifference(openMs: Float64Array, closes: Float64Array): number {
  const { rv, baseline, sigma } = replaySeries('1m', { openMs, closes })
  const returns = closes.map((close, bar) => {
    const before = closes[bar - 1] ?? Number.NaN
    return Math.log1p((close - before) / before)
  })
  const naiveRv = new Float64Array(bars).fill(Number.NaN)
  let largest = 0
  for (let bar = 30; bar < bars; bar += 1) {
    const [, deviation] = naiveMoments(returns, bar, 30)
    naiveRv[bar] = deviation * Math.sqrt(525_600)
    largest = Math.max(largest, differenceOf(rv[bar] ?? Number.NaN, naiveRv[bar] ?? Number.NaN))
    if (bar < 269) continue
    const [mean, spread] = naiveMoments(naiveRv, bar, 240)
    largest = Math.max(
      largest,
      differenceOf(baseline[bar] ?? Number.NaN, mean),
      differenceOf(sigma[bar] ?? Number.NaN, spread),
    )
  }
  return largest
}

/** The same two windows in libraries that people take for this: deviation of 30 returns, mean and deviation of 240 of those. */
async function comparePeers(
  closes: Float64Array,
  note: (text: string) => void,
): Promise<readonly Measured[]> {
  await installPeers(note)
  const measured: Measured[] = []
  for (const name of ['technicalindicators', 'trading-signals'] as const) {
    if (!existsSync(peerUrl(`node_modules/${name}`))) {
      note(`${name} is skipped: it is not installed`)
      continue
    }
    // Safe: the file beside it exports this; its types would need the peers installed.
    const { windows } = (await import(peerUrl(`${name}.mjs`).href)) as {
      readonly windows: () => (value: number) => number | undefined
    }
    const amount = perRound / 10
    const peerRate = (): number => {
      const push = windows()
      const startedMs = performance.now()
      for (let bar = 1; bar < amount; bar += 1) push(Math.log((closes[bar] ?? 1) / (closes[bar - 1] ?? 1)))
      return amount / ((performance.now() - startedMs) / 1_000)
    }
    peerRate()
    const pairs: Pair[] = []
    while (pairs.length < pairsMeasured) pairs.push({ ours: update(closes, perRound), peer: peerRate() })
    measured.push(
      compare(
        { name: 'regime-core', unit: 'bars/s', goal: '–', peerName: name },
        pairs,
        { ours: median(pairs.map(({ ours }) => ours)), peer: median(pairs.map(({ peer }) => peer)) },
        null,
      ),
    )
  }
  return measured
}
