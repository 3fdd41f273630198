import { setImmediate } from 'node:timers/promises'
import { asGate, type Database } from '@gatehouse/kernel/db'
import type { RangedHistory, SeriesHistory, TradedHistory } from '../domain/classified-series.ts'
import {
  type Growing,
  GrowingFills,
  GrowingHistory,
  GrowingRanges,
  GrowingWhole,
} from '../domain/growing-history.ts'
import { intervalMs, type Timeframe } from '../domain/timeframe.ts'
import { type BarColumn, listBarColumns, type StoredColumns } from '../store/bar-columns-store.ts'
import { findSeriesHead, type SeriesHead } from '../store/series-head-store.ts'

type Named = { readonly venue: string; readonly symbol: string; readonly timeframe: Timeframe }

type Deps = { readonly db: Database }

/** The columns of which a history consists. */
export type HistoryKind<View> = {
  readonly name: string
  readonly begin: (timeframe: Timeframe) => Followed<View>
}

/** A history, and how it appends newer bars. */
type Followed<View> = {
  readonly history: Pick<Growing<never, View>, 'bars' | 'lastOpenMs' | 'reserve' | 'view'>
  /** Reads bars after a moment, and returns a function that appends the next of them. */
  readonly read: (deps: Deps, head: SeriesHead, afterMs: number) => Promise<Page>
}

type Page = { readonly openMs: Float64Array; readonly push: (bar: number) => void }

export const historyKinds = {
  closes: kindOf<'close', SeriesHistory>('closes', ['close'], (timeframe) => new GrowingHistory(timeframe)),
  fills: kindOf<'open' | 'close', TradedHistory>(
    'fills',
    ['open', 'close'],
    (timeframe) => new GrowingFills(timeframe),
  ),
  ranges: kindOf<'open' | 'high' | 'low' | 'close', RangedHistory>(
    'ranges',
    ['open', 'high', 'low', 'close'],
    (timeframe) => new GrowingRanges(timeframe),
  ),
  whole: kindOf<'open' | 'high' | 'low' | 'close', TradedHistory & RangedHistory>(
    'whole',
    ['open', 'high', 'low', 'close'],
    (timeframe) => new GrowingWhole(timeframe),
  ),
} as const

export type HistoryCache = {
  readonly read: <View>(deps: Deps, series: Named, kind: HistoryKind<View>) => Promise<View>
}

type Entry<View> = { version: number; followed: Followed<View>; turn: Promise<unknown> }

/** Bars are read and replayed in pieces of this size, with other work in between. */
const barsPerRead = 65_536
const barsPerTurn = 16_384

/**
 * Caches the histories of series, and reads only newer bars. Accepted bars never change; a recomputed series has
 * another version and is read from the start. If all histories exceed `barsMax` bars, the least recently used one is
 * evicted.
 */
export function createHistoryCache(barsMax: number): HistoryCache {
  const entries = new Map<string, Entry<unknown>>()

  return {
    read: <View>(deps: Deps, { venue, symbol, timeframe }: Named, kind: HistoryKind<View>) => {
      const key = `${venue}/${symbol}/${timeframe}/${kind.name}`
      // Safe: the key contains the kind's name, and the entry was created by that kind.
      const kept = entries.get(key) as Entry<View> | undefined
      const entry = kept ?? { version: 0, followed: kind.begin(timeframe), turn: Promise.resolve() }
      entries.delete(key)
      entries.set(key, entry)
      const read = entry.turn.then(async () => {
        const head = await asGate(deps, (tx) => findSeriesHead(tx, venue, symbol, timeframe))
        if (head === undefined) return kind.begin(timeframe).history.view()
        if (head.version !== entry.version) {
          entry.version = head.version
          entry.followed = kind.begin(timeframe)
        }
        return follow(deps, timeframe, entry.followed, head)
      })
      // The next caller waits for this turn; its failure concerns only its own callers.
      entry.turn = read.then(
        () => forget(entries, entry, barsMax),
        () => undefined,
      )
      return read
    },
  }
}

function kindOf<Name extends BarColumn, View>(
  name: string,
  columns: readonly Name[],
  begin: (timeframe: Timeframe) => Growing<StoredColumns<Name>, View>,
): HistoryKind<View> {
  return {
    name,
    begin: (timeframe) => {
      const history = begin(timeframe)
      return {
        history,
        read: async (deps, { marketId }, afterMs) => {
          const range = { timeframe, afterMs, barsMax: barsPerRead }
          const bars = await asGate(deps, (tx) => listBarColumns(tx, marketId, range, columns))
          return { openMs: bars.openMs, push: (bar) => history.push(bars, bar) }
        },
      }
    },
  }
}

async function follow<View>(
  deps: Deps,
  timeframe: Timeframe,
  { history, read }: Followed<View>,
  head: SeriesHead,
): Promise<View> {
  const until = head.lastOpenMs ?? -1
  const first = history.lastOpenMs ?? -1
  let next = first < until ? read(deps, head, first) : undefined
  while (next !== undefined) {
    const { openMs, push } = await next
    const [from, last] = [openMs.at(0), openMs.at(-1)]
    if (from !== undefined && last !== undefined && last < until)
      history.reserve(history.bars + Math.ceil((until - from) / intervalMs[timeframe]) + 1)
    // The database reads the next piece while this one is replayed.
    next = last !== undefined && last < until ? read(deps, head, last) : undefined
    // The failure is reported when it is awaited; until then it must not count as unhandled.
    next?.catch(() => undefined)
    for (let bar = 0; bar < openMs.length; bar += 1) {
      push(bar)
      if (bar % barsPerTurn === barsPerTurn - 1) await setImmediate()
    }
  }
  return history.view()
}

function forget(entries: Map<string, Entry<unknown>>, newest: Entry<unknown>, barsMax: number): void {
  let bars = 0
  for (const { followed } of entries.values()) bars += followed.history.bars
  for (const [key, entry] of entries) {
    if (bars <= barsMax) return
    if (entry === newest) continue
    bars -= entry.followed.history.bars
    entries.delete(key)
  }
}
