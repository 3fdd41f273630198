import type { Database } from '@gatehouse/kernel/db'
import type { TimeRange } from '../domain/minute-gate.ts'
import { intervalMs, type Timeframe, timeframes } from '../domain/timeframe.ts'
import type { Venue } from '../domain/venue.ts'
import type { BarPage, MarketFeed, Product } from '../venues/market-feed.ts'
import { ensureBarPartitions } from './bar-partitions.ts'
import { type IngestDeps, ingestMinutes, ingestOwnBars } from './ingest-minute.ts'
import type { BookedMarket } from './market-book.ts'

/** How far back history is read, in bars per timeframe. */
export type Depth = Readonly<Record<Timeframe, number>>

export type BackfillDeps = {
  readonly db: Database
  readonly ingest: IngestDeps
  readonly feed: Pick<MarketFeed, 'fetchBars'>
  /** Runs write operations one after the other. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
}

/** Several pages are written in one transaction, because a commit for each would cost more than the bars. */
const barsPerCommit = 10_000

/**
 * Reads the history of a new market: bars of longer timeframes as the venue made them, up to the day on which its
 * minutes start, and then the minutes. What was read before is not read again.
 */
export async function backfillMarket(
  { db, ingest, feed, inTurn }: BackfillDeps,
  booked: BookedMarket,
  product: Product,
  depth: Depth,
  epochs: ReadonlyMap<Venue, number>,
  signal: AbortSignal,
): Promise<void> {
  const { market } = booked
  const nowMs = ingest.now()
  const dayMs = intervalMs['1d']
  const minutesFromMs = Math.floor((nowMs - depth['1m'] * intervalMs['1m']) / dayMs) * dayMs
  if (market.tracker('1m').cursorMs === null)
    for (const timeframe of timeframes.toReversed()) {
      if (timeframe === '1m') continue
      const interval = intervalMs[timeframe]
      const { cursorMs } = market.tracker(timeframe)
      const fromMs =
        cursorMs === null
          ? Math.floor((nowMs - depth[timeframe] * interval) / interval) * interval
          : cursorMs + interval
      await read(timeframe, fromMs, minutesFromMs, async (bars) => {
        await ensureBarPartitions(db, bars)
        await inTurn(() => ingestOwnBars(ingest, booked, timeframe, bars, epochs))
      })
    }
  const { cursorMs } = market.tracker('1m')
  const fromMs = cursorMs === null ? minutesFromMs : cursorMs + intervalMs['1m']
  await read('1m', fromMs, nowMs, async (bars, covered) => {
    await ensureBarPartitions(db, bars)
    // Minutes after the market was first carried wait for day tables at each midnight, so they are offered a day at a
    // time.
    for (const piece of cutAtMidnights(covered, booked.carriedSinceMs))
      await inTurn(() =>
        ingestMinutes(
          ingest,
          [
            {
              booked,
              bars: bars.filter(({ openMs }) => openMs >= piece.fromMs && openMs < piece.toMs),
              covered: piece,
            },
          ],
          epochs,
        ),
      )
  })

  async function read(
    timeframe: Timeframe,
    startMs: number,
    endMs: number,
    write: (bars: BarPage['bars'], covered: { fromMs: number; toMs: number }) => Promise<void>,
  ): Promise<void> {
    let bars: BarPage['bars'][number][] = []
    let writtenMs = startMs
    let atMs = startMs
    let isOver = false
    let writing = Promise.resolve()
    try {
      while (atMs < endMs && !isOver && !signal.aborted) {
        const page = await feed.fetchBars(product, timeframe, atMs, endMs)
        bars.push(...page.bars)
        isOver = page.coveredToMs <= atMs
        atMs = Math.max(atMs, page.coveredToMs)
        if (bars.length < barsPerCommit && !isOver && atMs < endMs) continue
        await writing
        if (bars.length > 0) {
          // The next pages are requested while these are written.
          writing = write(bars, { fromMs: writtenMs, toMs: atMs })
          // The failure is reported when it is awaited; until then it must not count as unhandled.
          writing.catch(() => undefined)
        }
        bars = []
        writtenMs = atMs
      }
    } finally {
      await writing
    }
  }
}

/** Splits a range: one piece up to a moment, then one per day. */
function cutAtMidnights({ fromMs, toMs }: TimeRange, wholeUntilMs: number): readonly TimeRange[] {
  const pieces: TimeRange[] = []
  const dayMs = intervalMs['1d']
  for (let at = fromMs; at < toMs;) {
    const midnightMs = Math.floor(Math.max(at, wholeUntilMs) / dayMs) * dayMs + dayMs
    const endMs = Math.min(toMs, midnightMs)
    pieces.push({ fromMs: at, toMs: endMs })
    at = endMs
  }
  return pieces
}
