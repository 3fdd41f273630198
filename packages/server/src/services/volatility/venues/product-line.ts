import { BarSequence } from './bar-sequence.ts'
import { MinuteBuilder } from './minute-builder.ts'
import type { ClosedBar, Product } from './market-feed.ts'
import { minuteMs } from './minute.ts'

/** How long a pushed bar is waited for after the end of its minute. */
export const closeGraceMs = 10_000
/** How long after its first sign a hole before bars that wait is left to the stream. */
const holeGraceMs = 2_000
/** How long a hole that cannot be asked about holds up what comes after it. */
const gapWaitMs = 600_000
const retryMsMax = 30_000

/** One product of a running market: how far it is, and what is known of what it waits for. */
export class ProductLine {
  readonly product: Product
  readonly sequence: BarSequence
  readonly builder = new MinuteBuilder()
  isFilling = false
  isAskingTrades = false
  /** Asked about at once, without waiting for the stream: it was not listened to. */
  isUnwatched = true
  /** What was built lately, to be compared with the venue's own candles. */
  built: ClosedBar[] = []
  /** Why the last question failed. */
  fault: string | undefined
  #failures = 0
  #retryAtMs = Number.NEGATIVE_INFINITY
  #stuckSinceMs: number | undefined

  constructor(product: Product, nextMs: number) {
    this.product = product
    this.sequence = new BarSequence(nextMs)
  }

  /** How long the next minute has been over by now; negative while it runs. */
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

  /** The venue answered, but is not done with that minute yet. */
  askAgain(nowMs: number): void {
    this.#retryAtMs = nowMs + closeGraceMs / 2
  }

  failed(nowMs: number, reason: string, notBeforeMs: number): void {
    this.fault = reason
    this.#stuckSinceMs ??= nowMs
    this.#retryAtMs = Math.max(nowMs + Math.min(retryMsMax, 1_000 * 2 ** this.#failures), notBeforeMs)
    this.#failures += 1
  }

  /** Whether what waits has waited long enough for a venue that does not answer. */
  isGivenUp(nowMs: number): boolean {
    return this.#stuckSinceMs !== undefined && nowMs - this.#stuckSinceMs >= gapWaitMs
  }
}
