import { combineBars, bucketOf, type Bar } from '../domain/combine-bars.ts'
import { judgeBar } from '../domain/judge-bar.ts'
import { intervalMs, type Timeframe } from '../domain/timeframe.ts'
import type { FeedNote } from './feed-deps.ts'
import type { VenueBar } from './frame.ts'
import type { BarPage, ClosedBar, Product } from './market-feed.ts'
import type { Market } from './market.ts'
import { type Door, VenueError } from './rest-door.ts'
import type { VenueClock } from './venue-clock.ts'

export type PageRequest = {
  readonly product: Product
  readonly timeframe: Timeframe
  readonly fromMs: number
  readonly toMs: number
  /** The close before the range, for minutes without trades at its start. */
  readonly closeBefore?: number | undefined
}

export type PageDeps = {
  readonly market: Market
  readonly door: Door
  readonly clock: VenueClock
  readonly note: (note: FeedNote) => void
  readonly signal?: AbortSignal | undefined
}

/** How many intervals before a range the last trade is searched, if the close before it is unknown. */
const lookBack = 10

/**
 * One page of closed bars. Bars not yet closed by the venue's clock are omitted, and so are bars at the end of the
 * range that a slow answer may not include yet: the page then covers less.
 */
export async function fetchPage(deps: PageDeps, request: PageRequest): Promise<BarPage> {
  const { market } = deps
  const { timeframe, product } = request
  if (market.rest.barsPath(product.code, timeframe, 0, 0) !== undefined) return fetchOwn(deps, request)
  // Four-hour bars of Coinbase are combined from its hourly ones.
  return combinePage(await fetchOwn(deps, { ...request, timeframe: '1h' }), timeframe)
}

async function fetchOwn(
  { market, door, clock, note, signal }: PageDeps,
  { product, timeframe, fromMs, toMs, closeBefore }: PageRequest,
): Promise<BarPage> {
  const { rest } = market
  const interval = intervalMs[timeframe]
  const firstMs = Math.ceil(fromMs / interval) * interval
  const looksBack = market.leavesOutQuietMinutes && closeBefore === undefined ? lookBack : 0
  const askedMs = firstMs - looksBack * interval
  const endMs = Math.min(toMs, askedMs + rest.barsMax * interval)
  if (endMs <= firstMs) return { timeframe, bars: [], coveredFromMs: fromMs, coveredToMs: fromMs }
  // The venue's clock before its answer: later rows may not have been closed.
  const venueMs = clock.now()
  const path = rest.barsPath(product.code, timeframe, askedMs, endMs - 1)
  if (venueMs === undefined || path === undefined)
    throw new VenueError('unreachable', 'the clock of the venue is not known')
  const rows = (await door.get(path.path, path.cost, rest.readBars, signal))
    .filter(({ openMs }) => openMs >= askedMs && openMs < endMs && openMs + interval <= venueMs)
    .toSorted((a, b) => a.openMs - b.openMs)
  const good = rows.filter((row) => {
    const fault = judgeBar(timeframe, row, venueMs)
    if (fault !== undefined) note({ kind: 'bar_refused', venue: market.venue, reason: fault })
    return fault === undefined
  })
  const lastRowMs = rows.at(-1)?.openMs ?? Number.NEGATIVE_INFINITY
  const settledMs = Math.floor((venueMs - market.absentAfterMs) / interval) * interval
  const coveredToMs = Math.max(firstMs, Math.min(endMs, Math.max(lastRowMs + interval, settledMs)))
  const toBar = (row: VenueBar, filled: boolean): ClosedBar => ({
    ...row,
    venue: market.venue,
    symbol: product.symbol,
    origin: 'rest',
    filled,
  })
  const bars = good.map((row) => toBar(row, false))
  const whole = market.leavesOutQuietMinutes
    ? fillQuiet(bars, {
        venue: market.venue,
        symbol: product.symbol,
        firstMs,
        coveredToMs,
        interval,
        closeBefore,
      })
    : bars
  return {
    timeframe,
    bars: whole.filter(({ openMs }) => openMs >= firstMs),
    coveredFromMs: fromMs,
    coveredToMs,
  }
}

type Range = Pick<ClosedBar, 'venue' | 'symbol'> & {
  readonly firstMs: number
  readonly coveredToMs: number
  readonly interval: number
  readonly closeBefore: number | undefined
}

/** Adds a flat bar at the previous close where the venue omitted a minute without trades. */
function fillQuiet(
  bars: readonly ClosedBar[],
  { venue, symbol, firstMs, coveredToMs, interval, closeBefore }: Range,
): readonly ClosedBar[] {
  const byOpen = new Map(bars.map((bar) => [bar.openMs, bar]))
  const whole: ClosedBar[] = []
  let close = closeBefore ?? bars.findLast(({ openMs }) => openMs < firstMs)?.close
  for (let openMs = firstMs; openMs < coveredToMs; openMs += interval) {
    const bar = byOpen.get(openMs)
    if (bar !== undefined) {
      whole.push(bar)
      close = bar.close
    } else if (close !== undefined) whole.push(toQuietBar({ venue, symbol, origin: 'rest' }, openMs, close))
  }
  return whole
}

export function toQuietBar(
  { venue, symbol, origin }: Pick<ClosedBar, 'venue' | 'symbol' | 'origin'>,
  openMs: number,
  close: number,
): ClosedBar {
  const flat = { open: close, high: close, low: close, close, volume: 0, quoteVolume: 0, trades: 0 }
  return { venue, symbol, origin, openMs, ...flat, filled: true }
}

function combinePage(page: BarPage, timeframe: Timeframe): BarPage {
  const interval = intervalMs[timeframe]
  const coveredToMs = Math.max(page.coveredFromMs, Math.floor(page.coveredToMs / interval) * interval)
  const buckets = Map.groupBy(page.bars, ({ openMs }) => bucketOf(timeframe, openMs))
  const bars = [...buckets].flatMap(([openMs, [first, ...rest]]): ClosedBar[] => {
    // A bucket that is not completely in the page belongs to the next or the previous one.
    if (first === undefined || openMs < page.coveredFromMs || openMs + interval > coveredToMs) return []
    const { parts: _parts, ...whole } = combineBars(openMs, [toPlain(first), ...rest.map(toPlain)])
    return [{ ...whole, venue: first.venue, symbol: first.symbol, origin: 'aggregated', filled: false }]
  })
  return { timeframe, bars, coveredFromMs: page.coveredFromMs, coveredToMs }
}

function toPlain({ openMs, open, high, low, close, volume, quoteVolume, trades }: ClosedBar): Bar {
  return { openMs, open, high, low, close, volume, quoteVolume, trades }
}
