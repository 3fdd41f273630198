import type { VenueTrade } from './frame.ts'
import { minuteMs, minuteOf } from './minute.ts'

/** A completely known minute; without trades it has no prices of its own. */
export type BuiltMinute = {
  readonly openMs: number
  readonly prices:
    | {
        readonly open: number
        readonly high: number
        readonly low: number
        readonly close: number
        readonly volume: number
        readonly quoteVolume: number
        readonly trades: number
      }
    | undefined
}

/** Trades that were not received, although later ones were. */
export type MissingTrades = { readonly afterId: number; readonly beforeId: number; readonly sinceMs: number }

/** How far the venue's clock must be past the end of a minute (specification 8.3). */
const settledMs = 1_000
const aheadMax = 20_000

type Prices = { -readonly [K in keyof NonNullable<BuiltMinute['prices']>]: number }

/**
 * Builds the minutes of one product from its trades. A minute is complete when the venue's clock is a second past its
 * end and every trade up to then is known, which is proven by the next trade with the following id, or by the venue's
 * statement of its last trade.
 */
export class MinuteBuilder {
  #venueMs = 0
  /** The last trade up to which no trade is missing. */
  #lastId: number | undefined
  /** Until when every trade is known. */
  #provenMs = 0
  /** The next minute to be returned; earlier ones were incomplete, or returned. */
  #nextMs: number | undefined
  readonly #minutes = new Map<number, Prices>()
  readonly #ahead = new Map<number, VenueTrade>()
  #toldId = 0
  #holeSinceMs: number | undefined

  /**
   * Called when a subscription starts: earlier knowledge of trades is void. Minutes are complete from the next one
   * on.
   */
  restart(): void {
    this.#lastId = undefined
    this.#nextMs = undefined
    this.#provenMs = 0
    this.#toldId = 0
    this.#holeSinceMs = undefined
    this.#minutes.clear()
    this.#ahead.clear()
  }

  /** Minutes before this were obtained elsewhere. */
  skipTo(openMs: number): void {
    if (this.#nextMs === undefined || openMs <= this.#nextMs) return
    this.#nextMs = openMs
    for (const minute of this.#minutes.keys()) if (minute < openMs) this.#minutes.delete(minute)
  }

  /** The last trade before the subscription; it counts in no minute. */
  first({ tradeId, timeMs }: VenueTrade): void {
    if (this.#lastId === undefined || tradeId > this.#lastId) this.#lastId = tradeId
    this.#see(timeMs)
  }

  trade(trade: VenueTrade, nowMs: number): void {
    this.#see(trade.timeMs)
    if (this.#lastId === undefined) this.#lastId = trade.tradeId - 1
    if (trade.tradeId > this.#lastId && this.#ahead.size < aheadMax) this.#ahead.set(trade.tradeId, trade)
    this.#follow(nowMs)
  }

  pulse(venueMs: number, lastTradeId: number | undefined, nowMs: number): void {
    this.#see(venueMs)
    if (lastTradeId === undefined || this.#lastId === undefined) return
    this.#toldId = Math.max(this.#toldId, lastTradeId)
    if (lastTradeId === this.#lastId) this.#provenMs = Math.max(this.#provenMs, venueMs)
    this.#follow(nowMs)
  }

  /** Takes missing trades that were requested. */
  fill(trades: readonly VenueTrade[], nowMs: number): void {
    for (const trade of trades)
      if (this.#lastId !== undefined && trade.tradeId > this.#lastId) this.#ahead.set(trade.tradeId, trade)
    this.#follow(nowMs)
  }

  /** The first gap; undefined if none is known. */
  missing(): MissingTrades | undefined {
    if (this.#lastId === undefined || this.#holeSinceMs === undefined) return undefined
    const firstAhead = this.#ahead.size === 0 ? this.#toldId + 1 : Math.min(...this.#ahead.keys())
    return { afterId: this.#lastId, beforeId: firstAhead, sinceMs: this.#holeSinceMs }
  }

  /** Gives up a gap: the minutes it can affect are obtained elsewhere, and counting starts after it. */
  leaveHole(nowMs: number): void {
    const missing = this.missing()
    if (missing === undefined) return
    const next = this.#ahead.get(missing.beforeId)
    this.skipTo(minuteOf(next?.timeMs ?? this.#venueMs) + minuteMs)
    this.#lastId = missing.beforeId - 1
    this.#follow(nowMs)
  }

  /** Returns the minutes that are complete, oldest first, each once. */
  take(): readonly BuiltMinute[] {
    const whole: BuiltMinute[] = []
    if (this.#nextMs === undefined) return whole
    while (
      this.#nextMs + minuteMs <= this.#provenMs &&
      this.#nextMs + minuteMs + settledMs <= this.#venueMs
    ) {
      whole.push({ openMs: this.#nextMs, prices: this.#minutes.get(this.#nextMs) })
      this.#minutes.delete(this.#nextMs)
      this.#nextMs += minuteMs
    }
    return whole
  }

  #see(venueMs: number): void {
    this.#venueMs = Math.max(this.#venueMs, venueMs)
    // The minute in which a subscription starts is incomplete.
    this.#nextMs ??= minuteOf(venueMs) + minuteMs
  }

  /** Counts the trades that follow without a gap. */
  #follow(nowMs: number): void {
    if (this.#lastId === undefined) return
    for (
      let next = this.#ahead.get(this.#lastId + 1);
      next !== undefined;
      next = this.#ahead.get(this.#lastId + 1)
    ) {
      this.#ahead.delete(next.tradeId)
      this.#lastId = next.tradeId
      this.#provenMs = Math.max(this.#provenMs, next.timeMs)
      this.#count(next)
    }
    // A late message may repeat counted trades.
    for (const id of this.#ahead.keys()) if (id <= this.#lastId) this.#ahead.delete(id)
    const isHole = this.#ahead.size > 0 || this.#toldId > this.#lastId
    this.#holeSinceMs = isHole ? (this.#holeSinceMs ?? nowMs) : undefined
  }

  #count({ price, size, timeMs }: VenueTrade): void {
    const openMs = minuteOf(timeMs)
    if (this.#nextMs !== undefined && openMs < this.#nextMs) return
    const minute = this.#minutes.get(openMs)
    if (minute === undefined) {
      this.#minutes.set(openMs, {
        open: price,
        high: price,
        low: price,
        close: price,
        volume: size,
        quoteVolume: price * size,
        trades: 1,
      })
      return
    }
    minute.high = Math.max(minute.high, price)
    minute.low = Math.min(minute.low, price)
    minute.close = price
    minute.volume += size
    minute.quoteVolume += price * size
    minute.trades += 1
  }
}
