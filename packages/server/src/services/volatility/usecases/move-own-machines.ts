import type { WriterTx } from '@gatehouse/kernel/db'
import { moveOwnMachine, type OwnBar, type OwnMachine } from '../domain/own-machine.ts'
import { intervalMs } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import { listOwnMachines, listPresetRevisions, saveOwnMachines } from '../store/own-machine-store.ts'
import type { Ingested } from './ingest-minute.ts'
import { type Place, type PlacedChange, tellOwnChanges } from './tell-own-changes.ts'

/** What moves the machines of orgs' presets with the bars of the venues that this node writes. */
export type OwnMachines = {
  /** In the transaction of the bars, after their series were written. */
  readonly move: (tx: WriterTx, ingested: Ingested) => Promise<void>
  /** After its commit. */
  readonly onCommit: (ingested: Ingested) => void
}

type IsPrimary = (venue: Venue, symbol: string) => boolean

type Moved = { readonly place: Place; readonly bars: OwnBar[] }

type Memory = {
  /** As far as the machines of an org are known: at which revision they were read. */
  readonly revisions: ReadonlyMap<string, string>
  readonly machines: ReadonlyMap<number, readonly OwnMachine[]>
}

const empty: Memory = { revisions: new Map(), machines: new Map() }

/**
 * Machines are kept in memory between bars, as the last commit left them, and read anew where the org changed its presets,
 * where a machine began, and after a transaction of which it is not known how it ended. Of venues whose series do not stand
 * for a symbol nobody is told, so none follow them.
 */
export function createOwnMachines(isPrimary: IsPrimary): OwnMachines {
  let memory = empty
  let pending: { readonly ingested: Ingested; readonly after: Memory } | undefined
  return {
    move: async (tx, ingested) => {
      // What came before did not commit, as far as is known.
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
      for (const [seriesId, { place, bars }] of moved) {
        const there = before.get(seriesId) ?? []
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
      for (const seriesId of moved.keys()) after.set(seriesId, (after.get(seriesId) ?? []).map(number))
      pending = { ingested, after: { revisions, machines: after } }
    },
    onCommit: (ingested) => {
      if (pending?.ingested === ingested) memory = pending.after
      pending = undefined
    },
  }
}

/** The bars of each series that stands for a symbol, in order. */
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

/** The machines as they were before these bars. */
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
    // A series that moves for the first time: those of the other orgs were not read for it yet.
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
