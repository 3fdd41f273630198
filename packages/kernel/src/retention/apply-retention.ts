import type { MutateDeps } from '../audit/index.ts'
import type { Clock } from '../clock/index.ts'
import { asWriter, type Database } from '../db/index.ts'
import { countOf, cutBatch, findOldestOf } from './cut-in-role.ts'
import { type CutRow, isCutRow, type RetentionRow, toThroughMs } from './retention-row.ts'
import { dropPartition, listPartitions } from './store/partition-store.ts'
import { insertRun, type RetentionRun, withRunLock } from './store/run-store.ts'

export type RetentionDeps = MutateDeps & { readonly clock: Clock }

const rowsAtOnce = 5_000
/**
 * The time that one kind of data may take in a run: its remainder waits for the next run, so that the other kinds do
 * not wait.
 */
const budgetMs = 60_000

/**
 * Removes everything that is due, kind by kind, and stores evidence of each; false when another node is doing so.
 * Throws at the end when a kind failed, after all the others were tried.
 */
export async function applyRetention(
  deps: RetentionDeps,
  rows: readonly RetentionRow[],
  signal: AbortSignal,
): Promise<boolean> {
  const failures: unknown[] = []
  const ran = await withRunLock(deps.db, async () => {
    for (const row of rows.filter(isCutRow)) {
      if (signal.aborted) return
      const failure = await applyRow(deps, row, signal)
      if (failure !== undefined) failures.push(failure)
    }
  })
  if (failures.length > 0)
    throw new AggregateError(failures, `Retention failed: ${failures.map(toText).join('; ')}`)
  return ran
}

async function applyRow(deps: RetentionDeps, row: CutRow, signal: AbortSignal): Promise<unknown> {
  const { db, clock } = deps
  const startedAtMs = clock.now()
  const deadlineMs = clock.monotonic() + budgetMs
  const throughMs = toThroughMs(row.kept, startedAtMs)
  const keepOn = (): boolean => !signal.aborted && clock.monotonic() < deadlineMs
  let cutRows = 0
  let oldestRemainingMs: number | null = null
  let failure: unknown
  try {
    for await (const count of cut(deps, row, throughMs, startedAtMs)) {
      cutRows += count
      if (!keepOn()) break
    }
    oldestRemainingMs = await findOldestOf(db, row)
  } catch (error) {
    failure = new Error(`${row.what}: ${toText(error)}`, { cause: error })
  }
  const run: RetentionRun = {
    what: row.what,
    throughMs,
    startedAtMs,
    endedAtMs: clock.now(),
    cutRows,
    oldestRemainingMs,
    error: failure === undefined ? null : toText(failure),
  }
  await asWriter({ db }, (tx) => insertRun(tx, run))
  return failure
}

/** Removes one bounded batch per iteration, and yields the number of its rows. */
async function* cut(deps: MutateDeps, row: CutRow, throughMs: number, atMs: number): AsyncGenerator<number> {
  if (row.how.by === 'partition') yield* dropOld(deps.db, row, throughMs)
  for (;;) {
    const count = await cutBatch(deps, row, { throughMs, atMs, limit: rowsAtOnce })
    yield count
    if (count < rowsAtOnce) return
  }
}

async function* dropOld(db: Database, row: CutRow, throughMs: number): AsyncGenerator<number> {
  for (const partition of await listPartitions(db, row.table)) {
    // The rows of a partition are older than its end, by a millisecond at least.
    if (partition.toMs - 1 > throughMs) return
    const count = await countOf(db, row, partition.fromMs, partition.toMs)
    await dropPartition(db, partition)
    yield count
  }
}

function toText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
