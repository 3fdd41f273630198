import { within } from '@gatehouse/kernel/db'
import type { VolatilityDeps } from '../deps.ts'
import { barsEndedBy, classify, firstBars, type SeriesHistory } from '../domain/classified-series.ts'
import { findCalibrated } from '../domain/find-calibrated.ts'
import type { ToldChange } from '../domain/own-machine.ts'
import type { Thresholds } from '../domain/regime-machine.ts'
import { replayMachine, type Transition } from '../domain/replay.ts'
import type { Machine, TrackedPreset } from '../domain/series-tracker.ts'
import { intervalMs } from '../domain/timeframe.ts'
import { findOwnMachine, listOwnNumbers } from '../store/own-machine-store.ts'
import type { BoardMachine, SeriesSnapshot } from './board.ts'
import type { NamedPreset, OwnChoice } from './choose-preset.ts'
import { figuresOf } from './describe-state.ts'
import { historyKinds } from './history-cache.ts'

/** A preset's machine after the newest bar, and its newest change. */
export type OwnStanding = {
  readonly machine: BoardMachine | undefined
  readonly newest: ToldChange | undefined
}

export type OwnStandingDeps = Pick<VolatilityDeps, 'db' | 'histories'>

/**
 * The state of an organisation's own preset: its stored machine if that is at the snapshot's bar, otherwise a replay
 * of the stored bars up to it, as before the machine has started or at a venue without machines. Both give exactly
 * the same result.
 */
export async function findOwnStanding(
  deps: OwnStandingDeps,
  snapshot: SeriesSnapshot,
  { preset, method, own }: NamedPreset & { readonly own: OwnChoice },
): Promise<OwnStanding> {
  const { reading, timeframe, seriesId, barsUntilReady, machines } = snapshot
  if (reading === null) return { machine: undefined, newest: undefined }
  const { principal, presetId, version, thresholds } = own
  // The newest bar as machines of its method see it.
  const seen = findCalibrated(machines, method) ?? { reading, barsUntilReady }
  const found = await within(deps, principal, (tx) => findOwnMachine(tx, { presetId, version, seriesId }))
  const tracked = { preset, method, version, thresholds }
  if (found?.lastOpenMs === reading.openMs) {
    const { state, enteredMs, newest } = found
    return {
      machine: { ...tracked, state, enteredMs, ...standingOn(seen) },
      newest: newest ?? undefined,
    }
  }
  const stored = await readDriven(deps, snapshot, thresholds)
  const bars = barsEndedBy(stored, reading.openMs + intervalMs[timeframe])
  const { machine, newest } = replayStanding(firstBars(stored, bars), tracked)
  return { machine: { ...machine, ...standingOn(seen) }, newest }
}

function standingOn({
  reading,
  barsUntilReady,
}: Pick<BoardMachine, 'reading' | 'barsUntilReady'>): Pick<BoardMachine, 'reading' | 'barsUntilReady'> {
  return { reading, barsUntilReady }
}

/** The history of a series, with the thresholds' driving values in place of z. */
async function readDriven(
  deps: OwnStandingDeps,
  snapshot: SeriesSnapshot,
  thresholds: Thresholds,
): Promise<SeriesHistory> {
  const isForecast = thresholds.drive?.kind === 'forecast'
  const kind = isForecast ? historyKinds.whole : historyKinds.closes
  return classify<SeriesHistory>(await deps.histories.read<SeriesHistory>(deps, snapshot, kind), thresholds)
}

/** The state after the newest bar of a series, with the machine starting in `normal` at the first. */
export function replayStanding(
  history: SeriesHistory,
  { preset, method, version, thresholds }: TrackedPreset,
): {
  readonly machine: Machine
  readonly newest: ToldChange | undefined
  readonly changes: readonly Transition[]
} {
  const { transitions: changes, end: state } = replayMachine(history, thresholds)
  const last = changes.at(-1)
  const first = history.z.findIndex((z) => !Number.isNaN(z))
  const readyMs = first === -1 ? null : (history.openMs[first] ?? 0) + intervalMs[history.timeframe]
  return {
    machine: { preset, method, version, thresholds, state, enteredMs: last?.tsMs ?? readyMs },
    newest: last === undefined ? undefined : toToldChange(history, last, version),
    changes,
  }
}

/** Changes by an organisation's own preset, ascending, and the open time of the bar at which the machine started. */
export async function listOwnChanges(
  deps: OwnStandingDeps,
  snapshot: SeriesSnapshot,
  { principal, presetId, thresholds, version }: OwnChoice,
  {
    startMs,
    toMs,
    limit,
  }: { readonly startMs: number | undefined; readonly toMs: number | undefined; readonly limit: number },
): Promise<{ readonly found: readonly ToldChange[]; readonly anchorMs: number | null }> {
  const history = await readDriven(deps, snapshot, thresholds)
  const inSpan = replayMachine(history, thresholds).transitions.filter(
    ({ tsMs }) => (startMs === undefined || tsMs >= startMs) && (toMs === undefined || tsMs < toMs),
  )
  const page = startMs === undefined ? inSpan.slice(-limit) : inSpan.slice(0, limit)
  const numbers =
    page.length === 0
      ? new Map<number, never>()
      : await within(deps, principal, (tx) =>
          listOwnNumbers(tx, { presetId, version, seriesId: snapshot.seriesId }),
        )
  return {
    found: page.map((change) => ({ ...toToldChange(history, change, version), ...numbers.get(change.tsMs) })),
    anchorMs: history.openMs[0] ?? null,
  }
}

/** A change found by a replay, which was not published. */
export function toToldChange(history: SeriesHistory, change: Transition, presetVersion: number): ToldChange {
  const { from, to, tsMs, reason } = change
  const { z, close, realizedVol: rv, baselineVol: baseline } = figuresOf(history, change)
  return { seq: null, presetVersion, from, to, tsMs, z, rv, baseline, close, reason, late: false }
}
