import { asGate, type Database, type GateTx, type WriterTx } from '@gatehouse/kernel/db'
import type { AcceptedBar } from '../domain/market.ts'
import { SeriesReplay } from '../domain/series-replay.ts'
import type { TrackedPreset } from '../domain/series-tracker.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import { listBarColumns } from '../store/bar-columns-store.ts'
import { findTablesHead } from '../store/day-table-store.ts'
import { findCheckpoint } from '../store/rebuild-store.ts'

/** Runs a query in a transaction of its own, or in an open one. */
export type Read = <T>(work: (tx: GateTx | WriterTx) => Promise<T>) => Promise<T>

export function readOf(deps: { readonly db: Database }): Read {
  return (work) => asGate(deps, work)
}

export type WalkedSeries = {
  readonly seriesId: number
  readonly marketId: number
  readonly timeframe: Timeframe
  readonly version: number
}

/** Progress callback: called after every few thousand bars with their number. */
export type OnBars = (bars: number) => void

const barsPerRead = 65_536

/**
 * A replay from the first stored bar. If earlier bars were deleted by retention, it starts from the checkpoint after
 * that bar (specification 5.3); undefined without bars.
 */
export async function beginReplay(
  read: Read,
  { seriesId, marketId, timeframe, version }: WalkedSeries,
  presets: readonly TrackedPreset[],
): Promise<{ readonly replay: SeriesReplay; readonly startMs: number | null } | undefined> {
  const head = await read((tx) => findTablesHead(tx, seriesId, timeframe))
  const openMs = head?.firstOpenMs ?? null
  if (openMs === null || head?.marketId !== marketId) return undefined
  const start = await read((tx) => findCheckpoint(tx, { seriesId, version, openMs }, presets))
  return { replay: new SeriesReplay(timeframe, presets, start), startMs: start === undefined ? null : openMs }
}

type Walk = {
  readonly marketId: number
  /** Bars that open before this. */
  readonly beforeMs: number
  /** Bars that replace stored ones or are added between them, oldest first. */
  readonly changed?: readonly AcceptedBar[]
  readonly onBars: OnBars
}

/** Continues a replay over the stored bars. */
export async function walkBars(
  read: Read,
  replay: SeriesReplay,
  { marketId, beforeMs, changed = [], onBars }: Walk,
): Promise<void> {
  const { timeframe } = replay.tracker
  const startMs = replay.lastOpenMs ?? -1
  const waiting = changed.filter(({ openMs }) => openMs > startMs && openMs < beforeMs)
  let next = 0
  const takeChangedBefore = (openMs: number): void => {
    for (let bar = waiting[next]; bar !== undefined && bar.openMs < openMs; bar = waiting[next]) {
      replay.push(bar)
      next += 1
    }
  }
  for (let afterMs = startMs; ;) {
    const columns = await read((tx) =>
      listBarColumns(tx, marketId, { timeframe, afterMs, barsMax: barsPerRead }, [
        'open',
        'high',
        'low',
        'close',
      ]),
    )
    const { openMs: opened, opens, highs, lows, closes } = columns
    const count = opened.findIndex((openMs) => openMs >= beforeMs)
    const bars = count < 0 ? opened.length : count
    for (let bar = 0; bar < bars; bar += 1) {
      const openMs = opened[bar] ?? 0
      takeChangedBefore(openMs)
      if (waiting[next]?.openMs === openMs) {
        takeChangedBefore(openMs + 1)
        continue
      }
      replay.push({
        openMs,
        open: opens[bar] ?? 0,
        high: highs[bar] ?? 0,
        low: lows[bar] ?? 0,
        close: closes[bar] ?? 0,
      })
    }
    onBars(bars)
    afterMs = opened.at(-1) ?? afterMs
    if (bars < barsPerRead) break
  }
  takeChangedBefore(beforeMs)
}
