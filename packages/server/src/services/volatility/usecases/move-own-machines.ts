import { setImmediate } from 'node:timers/promises'
import type { WriterTx } from '@gatehouse/kernel/db'
import { moveOwnMachine, type OwnBar, type OwnMachine } from '../domain/own-machine.ts'
import { intervalMs } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import { listOwnMachines, listPresetRevisions, saveOwnMachines } from '../store/own-machine-store.ts'
import type { Ingested } from './ingest-minute.ts'
import { type Place, type PlacedChange, tellOwnChanges } from './tell-own-changes.ts'

/** Moves the machines of organisations' presets with the bars that this node writes. */
export type OwnMachines = {
  /** Called in the transaction of the bars, after their series were written. */
  readonly move: (tx: WriterTx, ingested: Ingested) => Promise<void>
  /** Called after the commit. */
  readonly onCommit: (ingested: Ingested) => void
}

type IsPrimary = (venue: Venue, symbol: string) => boolean

type Moved = { readonly place: Place; readonly bars: OwnBar[] }

type Memory = {
  /** The revision at which each organisation's machines were read. */
  readonly revisions: ReadonlyMap<string, string>
  readonly machines: ReadonlyMap<number, readonly OwnMachine[]>
}

/** The event loop has its turn after so many moves of machines, which take two milliseconds. */
const movesPerTurn = 5_000

const empty: Memory = { revisions: new Map(), machines: new Map() }

/**
 * Machines are kept in memory between bars, as of the last commit. They are read again after a change of the
 * organisation's presets, after a machine started, and after a transaction with an unknown outcome. Only primary
 * markets have them, because changes of others are not published.
 */
export function createOwnMachines(isPrimary: IsPrimary): OwnMachines {
  let memory = empty
  let pending: { readonly ingested: Ingested; readonly after: Memory } | undefined
  return {
    move: async (tx, ingested) => {
      // The previous transaction is not known to have committed.
      if (pending !== undefined) memory = empty
      pending = undefined
      const moved = listMoved(ingested, isPrimary)
      const revisions = await listPresetRevisions(tx)
      if (revisions.size === 0 && memory.revisions.size === 0) {
        pending = { ingested, after: empty }
        return
      }
      const before = await bringUpToDate(tx, memory, revisions, [...moved.keys()])
      const after = new Map(before)
      const changed: OwnMachine[] = []
      const changes: PlacedChange[] = []
      let moves = 0
      for (const [seriesId, { place, bars }] of moved) {
        const there = before.get(seriesId) ?? []
        moves += there.length * bars.length
        if (moves >= movesPerTurn) {
          moves = 0
          await setImmediate()
        }
        const found: PlacedChange[] = []
        const next = there.map((machine) => {
          const own: Parameters<typeof moveOwnMachine>[2] = []
          const now = moveOwnMachine(machine, bars, own)
          for (const change of own) found.push({ ...change, place })
          return now
        })
        after.set(seriesId, next)
        changes.push(...found)
        changed.push(...next.filter((machine, index) => machine !== there[index]))
      }
      const told = await tellOwnChanges(tx, changes, ingested.atMs)
      const numbered = new Map(
        told.map(({ told: change, row: { seq, late } }) => [change, { ...change, seq, late }]),
      )
      const number = (machine: OwnMachine): OwnMachine => {
        const newest = machine.newest === null ? undefined : numbered.get(machine.newest)
        return newest === undefined ? machine : { ...machine, newest }
      }
      await saveOwnMachines(tx, changed.map(number))
      for (const seriesId of new Set(changes.map(({ place }) => place.seriesId)))
        after.set(seriesId, (after.get(seriesId) ?? []).map(number))
      pending = { ingested, after: { revisions, machines: after } }
    },
    onCommit: (ingested) => {
      if (pending?.ingested === ingested) memory = pending.after
      pending = undefined
    },
  }
}

/** The bars of each primary series, in order. */
function listMoved({ steps }: Ingested, isPrimary: IsPrimary): ReadonlyMap<number, Moved> {
  const moved = new Map<number, Moved>()
  for (const { booked, step } of steps) {
    const { venue, symbol, carriedSinceMs } = booked
    if (!isPrimary(venue, symbol)) continue
    for (const { timeframe, reading, isReset, lastZ, garmanKlass, driven } of step.moves) {
      const { seriesId, version: seriesVersion } = booked.series[timeframe]
      const place = { venue, symbol, timeframe, seriesId, seriesVersion, carriedSinceMs }
      const one = moved.get(seriesId) ?? { place, bars: [] }
      const { z, rv, baseline, close, openMs } = reading
      const endMs = openMs + intervalMs[timeframe]
      one.bars.push({ endMs, z, isReset, lastZ, rv, baseline, close, garmanKlass, driven })
      moved.set(seriesId, one)
    }
  }
  return moved
}

/** The machines before these bars. */
async function bringUpToDate(
  tx: WriterTx,
  { revisions: known, machines }: Memory,
  revisions: ReadonlyMap<string, string>,
  moving: readonly number[],
): Promise<ReadonlyMap<number, readonly OwnMachine[]>> {
  const anew = new Set(
    [...revisions].flatMap(([orgId, revision]) => (known.get(orgId) === revision ? [] : [orgId])),
  )
  const isKept = ({ orgId }: OwnMachine): boolean => revisions.has(orgId) && !anew.has(orgId)
  const seriesIds = [...new Set([...machines.keys(), ...moving])]
  const unread = moving.filter((seriesId) => !machines.has(seriesId))
  const read = [
    ...(anew.size === 0 ? [] : await listOwnMachines(tx, [...anew], seriesIds)),
    // For a series that moves for the first time, the machines of the other organisations were not read yet.
    ...(unread.length === 0
      ? []
      : await listOwnMachines(
          tx,
          [...revisions.keys()].filter((orgId) => !anew.has(orgId)),
          unread,
        )),
  ]
  const bySeries = Map.groupBy(read, ({ seriesId }) => seriesId)
  return new Map(
    seriesIds.map((seriesId) => [
      seriesId,
      [...(machines.get(seriesId) ?? []).filter(isKept), ...(bySeries.get(seriesId) ?? [])],
    ]),
  )
}
