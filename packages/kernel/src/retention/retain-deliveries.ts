import { type Aged, deleteAged, expireHeld, findOldestAged } from '../delivery/index.ts'
import type { CutRow } from './retention-row.ts'

type Keeping = {
  readonly queue: string
  /** The name in the evidence: `webhook`, `notice`. */
  readonly named: string
  readonly days: number
  /** How many days a delivery may wait for its destination to be opened again. */
  readonly heldDaysMax?: number
  readonly source: string
}

const dayMs = 86_400_000

/** The retention of one queue's log: deliveries, counted from when they were finished, and attempts. */
export function retainDeliveries({ queue, named, days, heldDaysMax, source }: Keeping): readonly CutRow[] {
  const attempts = { table: 'gatehouse.delivery_attempt', time: 'at', queue } as const
  const finished = { table: 'gatehouse.delivery', time: 'finished_at', queue } as const
  const held = { table: 'gatehouse.delivery', time: 'created_at', queue, state: 'held' } as const
  const cut = (what: string, aged: Aged): CutRow => ({
    what,
    table: aged.table,
    time: aged.time,
    kept: { days },
    as: 'writer',
    how: {
      by: 'call',
      cut: (tx, throughMs, limit) => deleteAged(tx, aged, throughMs, limit),
      findOldest: (tx) => findOldestAged(tx, aged),
    },
    source,
  })
  const expired: CutRow | undefined =
    heldDaysMax === undefined
      ? undefined
      : {
          what: `${named} deliveries that are held`,
          table: held.table,
          time: held.time,
          kept: { days: heldDaysMax },
          as: 'writer',
          how: {
            by: 'call',
            cut: (tx, throughMs, limit) =>
              expireHeld(tx, queue, { throughMs, endedMs: throughMs + heldDaysMax * dayMs, limit }),
            findOldest: (tx) => findOldestAged(tx, held),
          },
          source: `${source}: no longer than the attempts that were made; from then on it is a failed delivery`,
        }
  return [
    cut(`${named} attempts`, attempts),
    ...(expired === undefined ? [] : [expired]),
    cut(`finished ${named} deliveries`, finished),
  ]
}
