import { BarSequence } from './bar-sequence.ts'
import { MinuteBuilder } from './minute-builder.ts'
import type { ClosedBar, Product } from './market-feed.ts'
import { minuteMs } from './minute.ts'

/** How long after the end of its minute a pushed bar is waited for. */
export const closeGraceMs = 10_000
/** How long after it appeared a gap is left to be filled by the stream. */
const holeGraceMs = 2_000
/** How long a gap delays later bars if the venue cannot be asked about it. */
const gapWaitMs = 600_000
const retryMsMax = 30_000

/** One product of a running market: its progress, and the state of what it waits for. */
export class ProductLine {
  readonly product: Product
  readonly sequence: BarSequence
  readonly builder = new MinuteBuilder()
  isFilling = false
  isAskingTrades = false
  /** Missing minutes are requested immediately, without waiting for the stream, which was not connected. */
  isUnwatched = true
  /** Recently built bars, to be compared with the venue's own candles. */
  built: ClosedBar[] = []
  /** Why the last request failed. */
  fault: string | undefined
  #failures = 0
  #retryAtMs = Number.NEGATIVE_INFINITY
  #stuckSinceMs: number | undefined

  constructor(product: Product, nextMs: number) {
    this.product = product
    this.sequence = new BarSequence(nextMs)
  }

  /** How long ago the next minute ended; negative while it lasts. */
  behindMs(venueMs: number): number {
    return venueMs - (this.sequence.nextMs + minuteMs)
  }

  isDue(venueMs: number, nowMs: number): boolean {
    if (this.isFilling || nowMs < this.#retryAtMs) return false
    const graceMs = this.isUnwatched ? 0 : this.sequence.isWaiting ? holeGraceMs : closeGraceMs
    return this.behindMs(venueMs) >= graceMs
  }

  progressed(): void {
    this.#failures = 0
    this.#stuckSinceMs = undefined
    this.fault = undefined
  }

  /** The venue answered, but has not finished that minute yet. */
  askAgain(nowMs: number): void {
    this.#retryAtMs = nowMs + closeGraceMs / 2
  }

  failed(nowMs: number, reason: string, notBeforeMs: number): void {
    this.fault = reason
    this.#stuckSinceMs ??= nowMs
    this.#retryAtMs = Math.max(nowMs + Math.min(retryMsMax, 1_000 * 2 ** this.#failures), notBeforeMs)
    this.#failures += 1
  }

  /** Whether the gap has been waited for long enough, with a venue that does not answer. */
  isGivenUp(nowMs: number): boolean {
    return this.#stuckSinceMs !== undefined && nowMs - this.#stuckSinceMs >= gapWaitMs
  }
}
