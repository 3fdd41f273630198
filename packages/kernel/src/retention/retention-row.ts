import type { MutateDeps, Pruning } from '../audit/index.ts'
import type { GateTx, WriterTx } from '../db/index.ts'

export type Kept =
  | 'until expiry'
  | { readonly days: number }
  | { readonly hours: number }
  | { readonly minutes: number }

/** Clears or deletes what is at least as old as `throughMs`, at most `limit` rows of it; returns how many. */
export type CutCall<Tx> = (tx: Tx, throughMs: number, limit: number) => Promise<number>

/** The time of the oldest row that is still to be cut one day, in milliseconds; null when there is none. */
export type FindOldest<Tx> = (tx: Tx) => Promise<number | null>

export type CutByCall<Tx> = {
  readonly by: 'call'
  readonly cut: CutCall<Tx>
  readonly findOldest: FindOldest<Tx>
}

/** Another table whose rows keep those that they point to: own columns by the columns of that table. */
export type Sparing = { readonly table: string; readonly columns: Readonly<Record<string, string>> }

/** Rows that go by their age, in batches, oldest first. */
export type CutByDelete = { readonly by: 'delete'; readonly sparedBy?: Sparing }

/** Whole partitions are dropped, and the rest of the one that holds the boundary is deleted. */
export type CutByPartition = { readonly by: 'partition' }

/** Cut by a decision of the system, which an entry of the audit chain tells of. */
export type CutByDecision = {
  readonly by: 'decision'
  readonly cut: (deps: MutateDeps, pruning: Pruning) => Promise<number>
  readonly findOldest: FindOldest<WriterTx>
}

type CutAs =
  | { readonly as: 'gate'; readonly how: CutByDelete | CutByPartition | CutByCall<GateTx> }
  | { readonly as: 'writer'; readonly how: CutByDelete | CutByPartition | CutByCall<WriterTx> }
  | { readonly as: 'system'; readonly how: CutByDecision }

/** What goes by itself: a row of `table` goes as soon as `time` is at least `kept` ago. */
export type CutRow = CutAs & {
  /** The words that evidence is kept under. */
  readonly what: string
  /** `schema.table` */
  readonly table: string
  /** A timestamptz(3) column; in a large table an index leads with it. A row without a value there is not touched. */
  readonly time: string
  readonly kept: Kept
  /** Where the figure comes from. */
  readonly source: string
}

/** A table whose rows go only with whom, or with what, they belong to. */
export type LastingRow = {
  readonly table: string
  readonly lasts: 'life of the org' | 'life of the person' | 'life of the instance' | 'until the job is done'
}

/** What is kept outside the database's tables, and forgotten by whoever keeps it. */
export type ElsewhereRow = {
  readonly what: string
  readonly kept: Kept
  readonly keptBy: string
  readonly source: string
}

/** How long one kind of data stays: control data of kernel.md §11. */
export type RetentionRow = CutRow | LastingRow | ElsewhereRow

export function isCutRow(row: RetentionRow): row is CutRow {
  return 'how' in row
}

/** The youngest time that goes at `nowMs`. */
export function toThroughMs(kept: Kept, nowMs: number): number {
  return nowMs - toMs(kept)
}

function toMs(kept: Kept): number {
  if (kept === 'until expiry') return 0
  if ('days' in kept) return kept.days * 86_400_000
  if ('hours' in kept) return kept.hours * 3_600_000
  return kept.minutes * 60_000
}
