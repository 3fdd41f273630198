import { setImmediate } from 'node:timers/promises'
import { asWriter, type Database } from '@gatehouse/kernel/db'
import { classify, type RangedHistory } from '../domain/classified-series.ts'
import { findCalibrated } from '../domain/find-calibrated.ts'
import type { OwnBar, OwnMachine } from '../domain/own-machine.ts'
import type { Transition } from '../domain/replay.ts'
import type { TrackedPreset } from '../domain/series-tracker.ts'
import { timeframes } from '../domain/timeframe.ts'
import {
  deleteOfDeleted,
  insertOwnMachines,
  listPresetRevisions,
  listSeriesOfDeleted,
  listSetBack,
  listWaitingPresets,
  lockSeries,
  raisePresetRevisions,
  type WaitingPreset,
} from '../store/own-machine-store.ts'
import { type HistoryCache, historyKinds } from './history-cache.ts'
import type { BookedMarket } from './market-book.ts'
import { replayStanding, toToldChange } from './own-standing.ts'
import { type Place, type PlacedChange, tellOwnChanges } from './tell-own-changes.ts'

export type BeginDeps = {
  readonly db: Database
  readonly histories: HistoryCache
  readonly now: () => number
  /** The primary markets among those that this node writes. */
  readonly primaries: () => readonly BookedMarket[]
}

/** By organisation: the preset revision up to which all machines have started. */
export type BegunRevisions = Map<string, string>

/**
 * Starts the machines of presets that have none: in the state after a replay of all stored bars, so that they
 * continue with the next bar. Changes that the replay finds after the preset was created are published. One pass over
 * the bars serves all waiting presets.
 */
export async function beginOwnMachines(
  deps: BeginDeps,
  begun: BegunRevisions,
  signal: AbortSignal,
): Promise<void> {
  const revisions = await asWriter(deps, listPresetRevisions)
  const orgIds = [...revisions].flatMap(([orgId, revision]) => (begun.get(orgId) === revision ? [] : [orgId]))
  if (orgIds.length === 0) return
  const places = new Map(
    deps
      .primaries()
      .flatMap(listPlaces)
      .map((one) => [one.place.seriesId, one]),
  )
  const { waiting, left } = await asWriter(deps, async (tx) => ({
    waiting: await listWaitingPresets(tx, orgIds, [...places.keys()]),
    left: await listSeriesOfDeleted(tx, orgIds, [...places.keys()]),
  }))
  let isWhole = places.size > 0
  for (const seriesId of new Set([...left, ...waiting.keys()])) {
    if (signal.aborted) return
    const one = places.get(seriesId)
    if (one === undefined) continue
    const done = await begin(deps, one, waiting.get(seriesId) ?? [], orgIds)
    isWhole &&= done
  }
  if (isWhole) for (const orgId of orgIds) begun.set(orgId, revisions.get(orgId) ?? '')
}

/** A series, and the calibrations of its machines. */
type Followed = {
  readonly place: Place
  readonly edition: number
  readonly machines: readonly TrackedPreset[]
}

function listPlaces({ venue, symbol, carriedSinceMs, series, market }: BookedMarket): readonly Followed[] {
  return timeframes.map((timeframe) => {
    const { seriesId, version: seriesVersion, edition } = series[timeframe]
    const { machines } = market.tracker(timeframe)
    return { place: { venue, symbol, timeframe, seriesId, seriesVersion, carriedSinceMs }, edition, machines }
  })
}

/** The presets that can start: without a calibration of its method, a preset has no driving value. */
function driven(
  machines: readonly TrackedPreset[],
  waiting: readonly WaitingPreset[],
): readonly WaitingPreset[] {
  return waiting.flatMap((one) => {
    if (one.method === 'published') return [one]
    const drive = findCalibrated(machines, one.method)?.thresholds.drive
    return drive === undefined ? [] : [{ ...one, thresholds: { ...one.thresholds, drive } }]
  })
}

/**
 * A series that advances during the replay is retried; one that advances constantly, as while its history is read, is
 * left for later.
 */
const attemptsMax = 5

async function begin(
  deps: BeginDeps,
  { place, edition, machines: followed }: Followed,
  all: readonly WaitingPreset[],
  orgIds: readonly string[],
): Promise<boolean> {
  const presets = driven(followed, all)
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const isForecast = presets.some(({ thresholds }) => thresholds.drive?.kind === 'forecast')
    const kind = isForecast ? historyKinds.whole : historyKinds.ranges
    const stored = await deps.histories.read<RangedHistory>(deps, place, kind)
    const machines: OwnMachine[] = []
    const changes: PlacedChange[] = []
    for (const waiting of presets) {
      const history = waiting.thresholds.drive === undefined ? stored : classify(stored, waiting.thresholds)
      const standing = replayStanding(history, waiting)
      const machine = {
        ...waiting,
        ...standing.machine,
        seriesId: place.seriesId,
        newest: standing.newest ?? null,
      }
      machines.push(machine)
      for (const change of standing.changes)
        if (change.tsMs > waiting.madeAtMs) changes.push({ ...toChange(history, change, machine), place })
      // Yields to other work between replays.
      await setImmediate()
    }
    const isDone = await asWriter(deps, async (tx) => {
      const now = await lockSeries(tx, place.seriesId)
      if (now?.version !== place.seriesVersion || now.lastOpenMs !== (stored.openMs.at(-1) ?? null))
        return false
      // Another calibration was applied concurrently: the series is read again with its next bar.
      if (now.edition !== edition && all.some(({ method }) => method !== 'published')) return false
      await deleteOfDeleted(tx, orgIds, place.seriesId)
      if (machines.length === 0) return true
      const setBack = await listSetBack(tx, place.seriesId)
      const untold = changes.filter(({ machine }) => !setBack.has(machine.presetId))
      const told = await tellOwnChanges(tx, untold, deps.now())
      // The last published change of a machine is its newest.
      const numbered = new Map(
        told.map(({ machine, told: change, row: { seq, late } }) => [machine, { ...change, seq, late }]),
      )
      await insertOwnMachines(
        tx,
        machines.map((machine) => ({ ...machine, newest: numbered.get(machine) ?? machine.newest })),
      )
      await raisePresetRevisions(tx, [...new Set(machines.map(({ orgId }) => orgId))])
      return true
    })
    if (isDone) return true
  }
  return false
}

function toChange(
  history: RangedHistory,
  change: Transition,
  machine: OwnMachine,
): { readonly machine: OwnMachine; readonly bar: OwnBar; readonly told: ReturnType<typeof toToldChange> } {
  const { bar, tsMs: endMs, reason } = change
  const told = toToldChange(history, change, machine.version)
  const orNull = (value: number | undefined): number | null =>
    value === undefined || Number.isNaN(value) ? null : value
  const { rv, baseline, close, z: lastZ } = told
  const z = orNull(history.z[bar])
  const garmanKlass = orNull(history.garmanKlass[bar])
  return {
    machine,
    told,
    bar: {
      endMs,
      z,
      isReset: reason === 'reset',
      lastZ,
      rv,
      baseline,
      close,
      garmanKlass,
      driven: new Map(),
    },
  }
}
