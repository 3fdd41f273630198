import { setImmediate } from 'node:timers/promises'
import { asGate, type Database } from '@gatehouse/kernel/db'
import type { SeriesHistory } from '../domain/classified-series.ts'
import { GrowingHistory } from '../domain/growing-history.ts'
import type { Timeframe } from '../domain/timeframe.ts'
import { listBarColumns } from '../store/bar-columns-store.ts'
import { findSeriesHead, type SeriesHead } from '../store/series-head-store.ts'

type Named = { readonly venue: string; readonly symbol: string; readonly timeframe: Timeframe }

type Deps = { readonly db: Database }

export type HistoryCache = {
  readonly read: (deps: Deps, series: Named) => Promise<SeriesHistory>
}

type Entry = { version: number; history: GrowingHistory; turn: Promise<unknown> }

/** So many bars are read, and then replayed, before others are let in. */
const barsPerRead = 65_536
const barsPerTurn = 16_384

/**
 * Keeps what series say of their bars, and reads only the bars that came since. Bars never change once they are accepted;
 * a series that was computed anew has another version and begins anew here too. The series that was not asked for longest
 * goes when all of them have more than `barsMax` bars.
 */
export function createHistoryCache(barsMax: number): HistoryCache {
  const entries = new Map<string, Entry>()

  return {
    read: (deps, { venue, symbol, timeframe }) => {
      const key = `${venue}/${symbol}/${timeframe}`
      const entry: Entry = entries.get(key) ?? {
        version: 0,
        history: new GrowingHistory(timeframe),
        turn: Promise.resolve(),
      }
      entries.delete(key)
      entries.set(key, entry)
      const read = entry.turn.then(async () => {
        const head = await asGate(deps, (tx) => findSeriesHead(tx, venue, symbol, timeframe))
        if (head === undefined) return new GrowingHistory(timeframe).view()
        if (head.version !== entry.version) {
          entry.version = head.version
          entry.history = new GrowingHistory(timeframe)
        }
        return follow(deps, entry.history, head)
      })
      // Whoever comes next waits for this turn; how it ended concerns those who asked.
      entry.turn = read.then(
        () => forget(entries, entry, barsMax),
        () => undefined,
      )
      return read
    },
  }
}

async function follow(
  deps: Deps,
  history: GrowingHistory,
  { marketId, lastOpenMs }: SeriesHead,
): Promise<SeriesHistory> {
  const { timeframe } = history
  const until = lastOpenMs ?? -1
  const readAfter = (afterMs: number) =>
    asGate(deps, (tx) => listBarColumns(tx, marketId, { timeframe, afterMs, barsMax: barsPerRead }))
  const first = history.lastOpenMs ?? -1
  let next = first < until ? readAfter(first) : undefined
  while (next !== undefined) {
    const { openMs, opens, highs, lows, closes } = await next
    const last = openMs.at(-1)
    // The database reads on while these are replayed.
    next = last !== undefined && last < until ? readAfter(last) : undefined
    // Whoever awaits it sees why it failed; until then nobody does.
    next?.catch(() => undefined)
    for (let bar = 0; bar < openMs.length; bar += 1) {
      const range = { high: highs[bar] ?? 0, low: lows[bar] ?? 0 }
      history.push(openMs[bar] ?? 0, opens[bar] ?? 0, closes[bar] ?? 0, range)
      if (bar % barsPerTurn === barsPerTurn - 1) await setImmediate()
    }
  }
  return history.view()
}

function forget(entries: Map<string, Entry>, newest: Entry, barsMax: number): void {
  let bars = 0
  for (const { history } of entries.values()) bars += history.bars
  for (const [key, entry] of entries) {
    if (bars <= barsMax) return
    if (entry === newest) continue
    bars -= entry.history.bars
    entries.delete(key)
  }
}
