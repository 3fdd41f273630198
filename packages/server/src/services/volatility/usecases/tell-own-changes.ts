import type { WriterTx } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import { toConfidence } from '../domain/confidence.ts'
import { midnightOf } from '../domain/day-table.ts'
import type { OwnChange } from '../domain/own-machine.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import { volatilityPolicy } from '../policy.ts'
import { dayKey, findDayTables } from '../store/day-table-store.ts'
import { insertEvents, type NewEvent, takeNumbers } from '../store/ingest-store.ts'
import { insertOwnTransitions, type OwnTransition } from '../store/own-machine-store.ts'
import { toTransitionEvent } from './regime-events.ts'
import { tellSubscribers } from './tell-subscribers.ts'

/** The series on which a change happened. */
export type Place = {
  readonly venue: Venue
  readonly symbol: string
  readonly timeframe: Timeframe
  readonly seriesId: number
  readonly seriesVersion: number
  readonly carriedSinceMs: number
}

export type PlacedChange = OwnChange & { readonly place: Place }

/**
 * Writes changes by organisations' presets and publishes each to its organisation, in the transaction that moved the
 * machines. Changes from before a preset's creation are not published. Returns them with their numbers, in order.
 */
export async function tellOwnChanges(
  tx: WriterTx,
  found: readonly PlacedChange[],
  atMs: number,
): Promise<readonly (PlacedChange & { readonly row: OwnTransition })[]> {
  if (found.length === 0) return []
  const inOrder = found.toSorted((a, b) => a.told.tsMs - b.told.tsMs)
  const first = await takeNumbers(tx, inOrder.length)
  const changes = inOrder.map((change, index) => {
    const { machine, told, place } = change
    const { orgId, presetId, preset, method } = machine
    const { seriesId, seriesVersion } = place
    const late = atMs - told.tsMs > volatilityPolicy.staleAfterMs
    const row = {
      ...told,
      orgId,
      presetId,
      preset,
      method,
      seriesId,
      seriesVersion,
      seq: first + index,
      late,
    }
    return { ...change, row }
  })
  await insertOwnTransitions(
    tx,
    changes.map(({ row }) => row),
  )
  const toldOf = changes.filter(
    ({ row: { tsMs }, machine, place }) =>
      tsMs > Math.max(place.carriedSinceMs, machine.madeAtMs) &&
      atMs - tsMs <= volatilityPolicy.publishLateMaxMs,
  )
  const tables = await findDayTables(
    tx,
    toldOf.map(({ row: { seriesId, tsMs } }) => ({ seriesId, dayMs: midnightOf(tsMs) })),
  )
  const events = toldOf.map(({ row, place, bar: { z, garmanKlass } }): NewEvent => {
    const id = `evt_${newId(atMs)}`
    const { orgId, seq, seriesId, tsMs: endMs, to: regime } = row
    const table = tables.get(dayKey({ seriesId, dayMs: midnightOf(endMs) }))
    const { confidence } = toConfidence({ endMs, regime, z, garmanKlass }, table)
    const { symbol, venue, timeframe } = place
    const body = toTransitionEvent({
      id,
      symbol,
      venue,
      timeframe,
      transition: row,
      sentMs: atMs,
      confidence,
    })
    return { seq, id, orgId, type: 'regime.transition', body }
  })
  await insertEvents(tx, events, atMs)
  await tellSubscribers(tx, { events, atMs })
  return changes
}
