import { asGate, asWriter } from '@gatehouse/kernel/db'
import type { VolatilityDeps } from '../deps.ts'
import { confidenceBars, dayMs, type DayTable } from '../domain/day-table.ts'
import { intervalMs, type Timeframe, timeframes } from '../domain/timeframe.ts'
import { listBarColumns } from '../store/bar-columns-store.ts'
import { findOpenBefore, findTablesHead, saveDayTables } from '../store/day-table-store.ts'
import type { BookedMarket } from './market-book.ts'

type Deps = Pick<VolatilityDeps, 'board' | 'compute' | 'db'>

/**
 * Number of days whose tables are made in one task, limited by the thread's time budget and by how long the series is
 * locked.
 */
const daysAtOnce: Readonly<Record<Timeframe, number>> = {
  '1m': 16,
  '5m': 16,
  '15m': 32,
  '1h': 120,
  '4h': 200,
  '1d': 400,
}
const prices = ['open', 'high', 'low', 'close'] as const
/** Bars before a table's window, for warming up the series and for gaps. */
const barsBefore = 1_500

/** By series id and version: the midnight up to which its tables are made. */
export type TablesDone = Map<string, number>

/**
 * Makes the due day tables: for each series whose bars have reached a midnight, that one's and missing earlier ones.
 * Shortest timeframes first, because their next bar ends first.
 */
export async function makeDueTables(deps: Deps, done: TablesDone, signal: AbortSignal): Promise<void> {
  const snapshots = [...deps.board.all()].toSorted(
    (a, b) => intervalMs[a.timeframe] - intervalMs[b.timeframe],
  )
  for (const { seriesId, version, timeframe, reading } of snapshots) {
    if (signal.aborted) return
    if (reading === null) continue
    const throughMs = Math.floor((reading.openMs + intervalMs[timeframe]) / dayMs) * dayMs
    const key = `${seriesId}/${version}`
    if ((done.get(key) ?? 0) >= throughMs) continue
    try {
      if (await makeTables(deps, { seriesId, timeframe }, throughMs, signal)) done.set(key, throughMs)
    } catch (error) {
      // The threads were ended with the server, so the error is expected.
      if (signal.aborted) return
      throw error
    }
  }
}

async function makeTables(
  deps: Deps,
  { seriesId, timeframe }: { readonly seriesId: number; readonly timeframe: Timeframe },
  throughMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const head = await asGate(deps, (tx) => findTablesHead(tx, seriesId, timeframe))
  if (head === undefined || head.firstOpenMs === null) return false
  const { marketId, version } = head
  let fromMs = head.tablesMs ?? Math.floor(head.firstOpenMs / dayMs) * dayMs
  while (fromMs < throughMs) {
    if (signal.aborted) return false
    const toMs = Math.min(throughMs, fromMs + daysAtOnce[timeframe] * dayMs)
    const tables = await tablesOf(deps, { marketId, timeframe, fromMs, toMs })
    const made = { seriesId, version, timeframe, throughMs: toMs, tables }
    if (!(await asWriter(deps, (tx) => saveDayTables(tx, made)))) return false
    fromMs = toMs
  }
  return true
}

/**
 * Makes the missing tables of one midnight for every series of a market that has reached it, because its next bar
 * waits for them. Earlier days are left to `makeDueTables`.
 */
export async function makeTablesOf(
  deps: Pick<VolatilityDeps, 'compute' | 'db'>,
  { marketId, series }: Pick<BookedMarket, 'marketId' | 'series'>,
  midnightMs: number,
): Promise<void> {
  for (const timeframe of timeframes) {
    const { seriesId, version } = series[timeframe]
    const head = await asGate(deps, (tx) => findTablesHead(tx, seriesId, timeframe))
    if (head === undefined || head.firstOpenMs === null || (head.tablesMs ?? 0) >= midnightMs) continue
    const fromMs = midnightMs - dayMs
    const tables = await tablesOf(deps, { marketId, timeframe, fromMs, toMs: midnightMs })
    // The progress mark is not moved if tables in between are missing.
    const throughMs = head.tablesMs === fromMs ? midnightMs : head.tablesMs
    await asWriter(deps, (tx) => saveDayTables(tx, { seriesId, version, timeframe, throughMs, tables }))
  }
}

type Days = {
  readonly marketId: number
  readonly timeframe: Timeframe
  /** From after this midnight up to and including that one. */
  readonly fromMs: number
  readonly toMs: number
}

async function tablesOf(
  deps: Pick<VolatilityDeps, 'compute' | 'db'>,
  { marketId, timeframe, fromMs, toMs }: Days,
): Promise<readonly DayTable[]> {
  const midnights = Array.from({ length: (toMs - fromMs) / dayMs }, (_, day) => fromMs + (day + 1) * dayMs)
  const bars = confidenceBars.window + barsBefore
  const ofDays = (toMs - fromMs) / intervalMs[timeframe]
  const read = (afterMs: number, barsMax: number) =>
    asGate(deps, (tx) => listBarColumns(tx, marketId, { timeframe, afterMs, barsMax }, prices))
  const make = async (columns: ReturnType<typeof read>) =>
    deps.compute.run('dayTables', { timeframe, bars: await columns, midnights })
  const beforeMs = await asGate(deps, (tx) =>
    findOpenBefore(tx, { marketId, timeframe, beforeMs: fromMs, bars }),
  )
  if (beforeMs === undefined) return make(read(-1, bars + ofDays))
  const tables = await make(read(beforeMs, bars + ofDays))
  const isWhole =
    tables.length === midnights.length && tables.every((one) => one.bars === confidenceBars.window)
  // Many gaps leave bars without labels; then the window extends further back.
  return isWhole ? tables : make(read(-1, Number.MAX_SAFE_INTEGER))
}
