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

/** Where the machine of one preset stands after the newest bar, and its newest change. */
export type OwnStanding = {
  readonly machine: BoardMachine | undefined
  readonly newest: ToldChange | undefined
}

export type OwnStandingDeps = Pick<VolatilityDeps, 'db' | 'histories'>

/**
 * Of an org's own preset: where its machine is that moves with the bars, if it is after the bar that the snapshot is of.
 * Otherwise, as while it has yet to begin or at a venue that none follows, a replay of the stored bars up to that one:
 * both are the same to the bit.
 */
export async function findOwnStanding(
  deps: OwnStandingDeps,
  snapshot: SeriesSnapshot,
  { preset, method, own }: NamedPreset & { readonly own: OwnChoice },
): Promise<OwnStanding> {
  const { reading, timeframe, seriesId, barsUntilReady, machines } = snapshot
  if (reading === null) return { machine: undefined, newest: undefined }
  const { principal, presetId, version, thresholds } = own
  // As machines of its method see the newest bar.
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

/** What a series says of its bars, with what drives the machine of these thresholds in the place of z. */
async function readDriven(
  deps: OwnStandingDeps,
  snapshot: SeriesSnapshot,
  thresholds: Thresholds,
): Promise<SeriesHistory> {
  const isForecast = thresholds.drive?.kind === 'forecast'
  const kind = isForecast ? historyKinds.whole : historyKinds.closes
  return classify<SeriesHistory>(await deps.histories.read<SeriesHistory>(deps, snapshot, kind), thresholds)
}

/** After the newest bar of a series, the machine having started in `normal` at the first. */
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

/** Changes by an org's own preset, ascending, and the open time of the bar that the machine started at. */
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

/** What a replay found, as nobody was told of it. */
export function toToldChange(history: SeriesHistory, change: Transition, presetVersion: number): ToldChange {
  const { from, to, tsMs, reason } = change
  const { z, close, realizedVol: rv, baselineVol: baseline } = figuresOf(history, change)
  return { seq: null, presetVersion, from, to, tsMs, z, rv, baseline, close, reason, late: false }
}
