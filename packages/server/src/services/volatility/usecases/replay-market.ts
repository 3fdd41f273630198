import type { Database } from '@gatehouse/kernel/db'
import type { SeriesReplay } from '../domain/series-replay.ts'
import type { Machine } from '../domain/series-tracker.ts'
import { intervalMs, type Timeframe } from '../domain/timeframe.ts'
import { type LoadedSeries, loadSeries } from '../store/load-markets.ts'
import { listAllTransitions } from '../store/rebuild-store.ts'
import type { StoredTransition } from '../store/snapshot-store.ts'
import { encodeTracker } from '../store/tracker-codec.ts'
import { beginReplay, type OnBars, readOf, walkBars } from './walk-bars.ts'

export type ReplayedSeries = {
  readonly timeframe: Timeframe
  readonly version: number
  readonly bars: number
  /** Time of the checkpoint at which it started, if not at the first bar. */
  readonly startMs: number | null
  readonly transitions: number
  /** What is stored differently from what the bars give; empty if both are exactly equal. */
  readonly differences: readonly string[]
}

/**
 * Replays the stored bars of a market and compares the result with what is stored: windows, estimators, machines and
 * changes, bit for bit. It changes nothing, and the feed continues meanwhile.
 */
export async function replayMarket(
  deps: { readonly db: Database; readonly onBars: OnBars },
  marketId: number,
): Promise<readonly ReplayedSeries[]> {
  const read = readOf(deps)
  const loaded = await read((tx) => loadSeries(tx, { marketIds: [marketId] }))
  const replayed: ReplayedSeries[] = []
  for (const series of loaded.toSorted((a, b) => intervalMs[a.timeframe] - intervalMs[b.timeframe])) {
    const { timeframe, version, state, seriesId } = series
    const reading = state?.reading ?? null
    const begun = await beginReplay(read, series, series.presets)
    if (state === null || reading === null || begun === undefined) continue
    const { replay, startMs } = begun
    const endMs = reading.openMs + intervalMs[timeframe]
    // Bars accepted after this state was read are not part of it.
    await walkBars(read, replay, { marketId, beforeMs: endMs, onBars: deps.onBars })
    if (state.cursorMs !== null && state.cursorMs > reading.openMs) replay.tracker.passOver(state.cursorMs)
    const stored = await read((tx) => listAllTransitions(tx, seriesId, version, endMs))
    const startEndMs = startMs === null ? 0 : startMs + intervalMs[timeframe]
    replayed.push({
      timeframe,
      version,
      bars: replay.bars,
      startMs,
      transitions: replay.transitions.length,
      differences: compare(
        series,
        replay,
        stored.filter(({ tsMs }) => tsMs > startEndMs),
      ),
    })
  }
  return replayed
}

function compare(
  { state }: LoadedSeries,
  { tracker, transitions }: SeriesReplay,
  stored: readonly StoredTransition[],
): readonly string[] {
  const given = tracker.state()
  const differences: string[] = []
  if (state === null || !encodeTracker(state).equals(encodeTracker(given))) differences.push('windows')
  const machines = new Map(state?.machines.map((machine) => [machineText(machine), machine]))
  if (!given.machines.every((machine) => machines.has(machineText(machine)))) differences.push('machines')
  const changes = new Set(stored.map(changeText))
  const missing = transitions.filter((one) => !changes.has(changeText(one))).length
  if (missing > 0) differences.push(`${missing} changes that are not stored`)
  const presets = new Set(
    given.machines.map(({ preset, method, version }) => `${preset}/${method}/${version}`),
  )
  const ours = new Set(transitions.map(changeText))
  const extra = stored.filter(
    (one) => presets.has(`${one.preset}/${one.method}/${one.presetVersion}`) && !ours.has(changeText(one)),
  ).length
  if (extra > 0) differences.push(`${extra} stored changes that the bars do not give`)
  return differences
}

function machineText({ preset, method, version, state: { regime, run }, enteredMs }: Machine): string {
  return JSON.stringify([preset, method, version, regime, run, enteredMs])
}

function changeText({
  preset,
  method,
  presetVersion,
  from,
  to,
  tsMs,
  z,
  rv,
  baseline,
  close,
  reason,
}: Omit<StoredTransition, 'seq' | 'seriesId' | 'late'>): string {
  return JSON.stringify([preset, method, presetVersion, from, to, tsMs, z, rv, baseline, close, reason])
}
