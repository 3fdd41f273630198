import type {
  ConditionalReply,
  DurationsReply,
  ExplainReply,
  MatrixReply,
  StateAtReply,
  StoriesReply,
} from '../contract/analytics.ts'
import type { ImpactReply, SizingReply } from '../contract/impact.ts'
import type { ComputingDeps } from '../deps.ts'
import type { Regime } from '../domain/regime-code.ts'
import { intervalMs } from '../domain/timeframe.ts'
import { problems } from '../problems.ts'
import { compute } from './compute.ts'
import { historyKinds } from './history-cache.ts'
import { describeExits, describeSizing, describeStateAt, describeStories } from './describe-state.ts'
import { type AskedSeries, findSeries, readClassified, readHistory, standingOf } from './read-classified.ts'
import { toMeasured } from './to-measured.ts'

type Windowed = AskedSeries & { readonly lookback_days: number }

export async function getMatrix(deps: ComputingDeps, asked: Windowed): Promise<MatrixReply> {
  const { found, input, days } = await openWindow(deps, asked)
  return { ...found.told, ...(await compute(deps, 'matrix', input, days)), stale: found.isStale }
}

export async function getDurations(deps: ComputingDeps, asked: Windowed): Promise<DurationsReply> {
  const { found, input, days } = await openWindow(deps, asked)
  return { ...found.told, ...(await compute(deps, 'durations', input, days)), stale: found.isStale }
}

export async function getConditionalReturns(
  deps: ComputingDeps,
  asked: Windowed & { readonly horizon_bars: number },
): Promise<ConditionalReply> {
  const { found, input, days } = await openWindow(deps, asked)
  const computed = await compute(deps, 'returns', { ...input, horizonBars: asked.horizon_bars }, days)
  return { ...found.told, ...computed, stale: found.isStale }
}

export async function getImpact(
  deps: ComputingDeps,
  asked: Windowed & { readonly to?: Regime | undefined; readonly to_regime?: Regime | undefined },
): Promise<ImpactReply> {
  const to = asked.to ?? asked.to_regime
  if (to === undefined) throw new Error('The contract asks for the state that events lead into')
  const { found, input, days } = await openWindow(deps, asked)
  const { told } = found
  // Longer horizons use hourly bars, because those end at the same times as bars of longer timeframes.
  const hours =
    intervalMs[told.timeframe] > intervalMs['1h']
      ? await readHistory(deps, findSeries(deps, { ...asked, timeframe: '1h' }), historyKinds.closes)
      : input.history
  const computed = await compute(deps, 'impact', { ...input, closes: hours, told, to }, days)
  return { ...computed, stale: found.isStale }
}

async function openWindow(deps: ComputingDeps, asked: Windowed) {
  const found = findSeries(deps, asked)
  const history = await readHistory(deps, found, historyKinds.closes)
  const { lookback_days: lookbackDays } = asked
  return {
    found,
    input: { history, thresholds: found.preset.thresholds, lookbackDays },
    days: { field: 'lookback_days', fits: `try ${Math.max(1, Math.floor(lookbackDays / 2))}` },
  }
}

export async function explain(deps: ComputingDeps, asked: AskedSeries): Promise<ExplainReply> {
  const { told, preset, snapshot, isStale } = findSeries(deps, asked)
  const measured = toMeasured(await standingOf(deps, snapshot, preset))
  return { ...describeExits(told, measured, preset), stale: isStale }
}

export async function getSizing(
  deps: ComputingDeps,
  asked: AskedSeries & { readonly target_vol: number; readonly regime_damper: boolean },
): Promise<SizingReply> {
  const { told, preset, snapshot, isStale } = findSeries(deps, asked)
  const wish = { targetVol: asked.target_vol, isDamped: asked.regime_damper }
  const measured = toMeasured(await standingOf(deps, snapshot, preset))
  return { ...describeSizing(told, measured, wish), stale: isStale }
}

export async function getStateAt(
  deps: ComputingDeps,
  asked: AskedSeries & { readonly ts_ms: number },
): Promise<StateAtReply> {
  if (asked.ts_ms > deps.clock.now())
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'ts_ms', message: 'must not lie in the future' }],
    })
  const found = findSeries(deps, asked)
  return describeStateAt(await readClassified(deps, found, historyKinds.closes), found.told, asked.ts_ms)
}

export async function listStories(
  deps: ComputingDeps,
  asked: AskedSeries & { readonly days: number; readonly limit: number },
): Promise<StoriesReply> {
  const found = findSeries(deps, asked)
  const series = await readClassified(deps, found, historyKinds.closes)
  return { ...describeStories(series, found.told, asked), stale: found.isStale }
}
