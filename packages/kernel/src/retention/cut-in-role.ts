import type { MutateDeps, Pruning } from '../audit/index.ts'
import { asGate, asWriter, type Database, type GateTx, type WriterTx } from '../db/index.ts'
import type { CutByCall, CutByDelete, CutByPartition, CutRow } from './retention-row.ts'
import { type Aged, countBetween, deleteOldest, findOldest } from './store/age-store.ts'

type How<Tx> = CutByDelete | CutByPartition | CutByCall<Tx>

/**
 * Removes one bounded batch of rows that are at least as old as `throughMs`. A result below `limit` means that no more
 * are left.
 */
export function cutBatch(
  deps: MutateDeps,
  row: CutRow,
  { throughMs, atMs, limit }: Pruning,
): Promise<number> {
  const { db } = deps
  if (row.as === 'system') return row.how.cut(deps, { throughMs, atMs, limit })
  const cut = <Tx extends GateTx | WriterTx>(tx: Tx, how: How<Tx>): Promise<number> =>
    how.by === 'call' ? how.cut(tx, throughMs, limit) : deleteOldest(tx, toAged(row), throughMs, limit)
  return row.as === 'gate'
    ? asGate({ db }, (tx) => cut(tx, row.how))
    : asWriter({ db }, (tx) => cut(tx, row.how))
}

export function findOldestOf(db: Database, row: CutRow): Promise<number | null> {
  if (row.as === 'system') return asWriter({ db }, row.how.findOldest)
  const find = <Tx extends GateTx | WriterTx>(tx: Tx, how: How<Tx>): Promise<number | null> =>
    how.by === 'call' ? how.findOldest(tx) : findOldest(tx, toAged(row))
  return row.as === 'gate'
    ? asGate({ db }, (tx) => find(tx, row.how))
    : asWriter({ db }, (tx) => find(tx, row.how))
}

/** The number of rows from `fromMs` (inclusive) to `toMs` (exclusive). */
export function countOf(db: Database, row: CutRow, fromMs: number, toMs: number): Promise<number> {
  return row.as === 'gate'
    ? asGate({ db }, (tx) => countBetween(tx, toAged(row), fromMs, toMs))
    : asWriter({ db }, (tx) => countBetween(tx, toAged(row), fromMs, toMs))
}

function toAged({ table, time, how }: CutRow): Aged {
  return { table, time, sparedBy: how.by === 'delete' ? how.sparedBy : undefined }
}
