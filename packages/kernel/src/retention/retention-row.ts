import type { MutateDeps, Pruning } from '../audit/index.ts'
import type { GateTx, WriterTx } from '../db/index.ts'

export type Kept =
  | 'until expiry'
  | { readonly days: number }
  | { readonly hours: number }
  | { readonly minutes: number }

/** Clears or deletes at most `limit` rows that are at least as old as `throughMs`; returns how many. */
export type CutCall<Tx> = (tx: Tx, throughMs: number, limit: number) => Promise<number>

/** The time of the oldest row that will be removed at some point, in milliseconds; null when there is none. */
export type FindOldest<Tx> = (tx: Tx) => Promise<number | null>

export type CutByCall<Tx> = {
  readonly by: 'call'
  readonly cut: CutCall<Tx>
  readonly findOldest: FindOldest<Tx>
}

/**
 * Another table whose rows keep the rows that they refer to from being removed. `columns`: own columns by the columns
 * of that table.
 */
export type Sparing = { readonly table: string; readonly columns: Readonly<Record<string, string>> }

/** Rows are deleted by age, in batches, oldest first. */
export type CutByDelete = { readonly by: 'delete'; readonly sparedBy?: Sparing }

/** Whole partitions are dropped, and the due rows of the partition at the boundary are deleted. */
export type CutByPartition = { readonly by: 'partition' }

/** Rows are removed by a decision of the system, which an entry of the audit chain records. */
export type CutByDecision = {
  readonly by: 'decision'
  readonly cut: (deps: MutateDeps, pruning: Pruning) => Promise<number>
  readonly findOldest: FindOldest<WriterTx>
}

type CutAs =
  | { readonly as: 'gate'; readonly how: CutByDelete | CutByPartition | CutByCall<GateTx> }
  | { readonly as: 'writer'; readonly how: CutByDelete | CutByPartition | CutByCall<WriterTx> }
  | { readonly as: 'system'; readonly how: CutByDecision }

/** Data that is removed automatically: a row of `table` is due as soon as `time` is at least `kept` ago. */
export type CutRow = CutAs & {
  /** The name of this kind of data in the evidence. */
  readonly what: string
  /** `schema.table` */
  readonly table: string
  /** A timestamptz(3) column; a large table has an index that starts with it. A row where it is null is not touched. */
  readonly time: string
  readonly kept: Kept
  /** The origin of the figure. */
  readonly source: string
}

/** A table whose rows are removed only with the org, person or thing that they belong to. */
export type LastingRow = {
  readonly table: string
  readonly lasts: 'life of the org' | 'life of the person' | 'life of the instance' | 'until the job is done'
}

/** Data outside the database's tables, which its own module removes. */
export type ElsewhereRow = {
  readonly what: string
  readonly kept: Kept
  readonly keptBy: string
  readonly source: string
}

/** The retention of one kind of data: control data of kernel.md §11. */
export type RetentionRow = CutRow | LastingRow | ElsewhereRow

export function isCutRow(row: RetentionRow): row is CutRow {
  return 'how' in row
}

/** The newest time that is due for removal at `nowMs`. */
export function toThroughMs(kept: Kept, nowMs: number): number {
  return nowMs - toMs(kept)
}

function toMs(kept: Kept): number {
  if (kept === 'until expiry') return 0
  if ('days' in kept) return kept.days * 86_400_000
  if ('hours' in kept) return kept.hours * 3_600_000
  return kept.minutes * 60_000
}
