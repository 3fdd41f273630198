import { setImmediate } from 'node:timers/promises'
import { asWriter, type Database } from '@gatehouse/kernel/db'
import type { RangedHistory } from '../domain/classified-series.ts'
import type { OwnBar, OwnMachine } from '../domain/own-machine.ts'
import type { Transition } from '../domain/replay.ts'
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
  /** The markets whose series stand for their symbols, of those that this node writes. */
  readonly primaries: () => readonly BookedMarket[]
}

/** The revision of each org's presets up to which everything has begun. */
export type BegunRevisions = Map<string, string>

/**
 * Lets the machines of presets begin that have none yet: each where a replay of all stored bars leaves it, so that it goes
 * on with the next bar. What such a replay finds after the preset was made is told as it would have been. One pass over the
 * bars serves all presets that wait.
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
      .map((place) => [place.seriesId, place]),
  )
  const { waiting, left } = await asWriter(deps, async (tx) => ({
    waiting: await listWaitingPresets(tx, orgIds, [...places.keys()]),
    left: await listSeriesOfDeleted(tx, orgIds, [...places.keys()]),
  }))
  let isWhole = places.size > 0
  for (const seriesId of new Set([...left, ...waiting.keys()])) {
    if (signal.aborted) return
    const place = places.get(seriesId)
    if (place === undefined) continue
    const done = await begin(deps, place, waiting.get(seriesId) ?? [], orgIds)
    isWhole &&= done
  }
  if (isWhole) for (const orgId of orgIds) begun.set(orgId, revisions.get(orgId) ?? '')
}

function listPlaces({ venue, symbol, carriedSinceMs, series }: BookedMarket): readonly Place[] {
  return timeframes.map((timeframe) => {
    const { seriesId, version: seriesVersion } = series[timeframe]
    return { venue, symbol, timeframe, seriesId, seriesVersion, carriedSinceMs }
  })
}

/** A series that moves on meanwhile is followed; one that never rests, as while its history is read, is left for later. */
const attemptsMax = 5

async function begin(
  deps: BeginDeps,
  place: Place,
  presets: readonly WaitingPreset[],
  orgIds: readonly string[],
): Promise<boolean> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const history = await deps.histories.read(deps, place, historyKinds.ranges)
    const machines: OwnMachine[] = []
    const changes: PlacedChange[] = []
    for (const waiting of presets) {
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
      // Others get their turn between replays that nobody waits for.
      await setImmediate()
    }
    const isDone = await asWriter(deps, async (tx) => {
      const now = await lockSeries(tx, place.seriesId)
      if (now?.version !== place.seriesVersion || now.lastOpenMs !== (history.openMs.at(-1) ?? null))
        return false
      await deleteOfDeleted(tx, orgIds, place.seriesId)
      if (machines.length === 0) return true
      const setBack = await listSetBack(tx, place.seriesId)
      const untold = changes.filter(({ machine }) => !setBack.has(machine.presetId))
      const told = await tellOwnChanges(tx, untold, deps.now())
      // The last one that is told of a machine is its newest.
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
    bar: { endMs, z, isReset: reason === 'reset', lastZ, rv, baseline, close, garmanKlass },
  }
}
