import { type BarFault, isSuspect, judgeBar } from './judge-bar.ts'
import type { Bar } from './combine-bars.ts'
import { intervalMs } from './timeframe.ts'

/** How a bar was obtained. */
export type BarOrigin = 'stream' | 'rest' | 'built' | 'aggregated'

export type MinuteBar = Bar & {
  readonly origin: BarOrigin
  /** True for a minute without a trade on a venue that omits such minutes. */
  readonly filled: boolean
}

/** From `fromMs` (inclusive) to `toMs` (exclusive). */
export type TimeRange = { readonly fromMs: number; readonly toMs: number }

export type Decided =
  | { readonly kind: 'bar'; readonly bar: MinuteBar }
  | ({ readonly kind: 'absent'; readonly reason: 'confirmed' | 'given_up' } & TimeRange)

export type Offered =
  | { readonly kind: 'taken' }
  /**
   * At or before the cursor: a repeat, a correction, or too late; only the caller, who has the stored bars, can tell.
   */
  | { readonly kind: 'behind' }
  | { readonly kind: 'refused'; readonly because: BarFault }

/** How long a suspect bar may wait for confirmation, and a gap for being filled. */
export type Patience = { readonly suspectMs: number; readonly holeMs: number }

const minuteMs = intervalMs['1m']
const refusalsMax = 2
/** The number of minutes that may wait behind a gap; the venue is asked again for the rest. */
const waitingMax = 1_440

/**
 * Orders the minutes of one market (specification 4): accepts bars in any order, and releases them without an
 * unexplained gap. A bar far from the previous one waits until the venue has confirmed it.
 */
export class MinuteGate {
  /** Open time of the newest decided minute. */
  cursorMs: number | null
  #lastClose: number | null
  readonly #waiting = new Map<number, MinuteBar>()
  readonly #absent = new Set<number>()
  readonly #refusals = new Map<number, number>()
  #suspectSinceMs: number | null = null
  #holeSinceMs: number | null = null

  constructor(cursorMs: number | null, lastClose: number | null) {
    this.cursorMs = cursorMs
    this.#lastClose = lastClose
  }

  /** `venueNowMs` is the venue's clock. */
  offer(bar: MinuteBar, venueNowMs: number): Offered {
    const because = judgeBar('1m', bar, venueNowMs)
    if (because !== undefined) {
      if (because !== 'not_closed' && because !== 'from_the_future') this.#countRefusal(bar.openMs)
      return { kind: 'refused', because }
    }
    const { openMs } = bar
    if (this.cursorMs !== null && openMs <= this.cursorMs) return { kind: 'behind' }
    const known = this.#waiting.get(openMs)
    // An answer to a request replaces a bar that was pushed and waits for confirmation.
    if (known === undefined || bar.origin === 'rest') this.#waiting.set(openMs, bar)
    return { kind: 'taken' }
  }

  /** The venue answered a request for this range: minutes that are still missing do not exist. */
  cover({ fromMs, toMs }: TimeRange): void {
    // Before the first minute, no minute counts as missing.
    const nextMs = this.#nextMs()
    if (nextMs === undefined) return
    for (let openMs = Math.max(fromMs, nextMs); openMs + minuteMs <= toMs; openMs += minuteMs)
      if (!this.#waiting.has(openMs)) this.#absent.add(openMs)
  }

  /**
   * Minutes that can be decided now, oldest first, among those that open before `beforeMs`. `nowMs` is from a
   * monotonic clock, because it measures waiting times.
   */
  drain(nowMs: number, patience: Patience, beforeMs = Number.POSITIVE_INFINITY): readonly Decided[] {
    const decided = this.#decide(nowMs, patience, beforeMs)
    if (this.#waiting.size > waitingMax)
      for (const openMs of [...this.#waiting.keys()].toSorted((a, b) => a - b).slice(waitingMax))
        this.#waiting.delete(openMs)
    return decided
  }

  /** Open time of the next decidable minute, if it opens at `beforeMs` or later. */
  heldAt(beforeMs: number): number | undefined {
    const nextMs = this.#nextMs()
    if (nextMs === undefined || nextMs < beforeMs) return undefined
    return this.#waiting.has(nextMs) || this.#absent.has(nextMs) ? nextMs : undefined
  }

  #decide(nowMs: number, { suspectMs, holeMs }: Patience, beforeMs: number): readonly Decided[] {
    const decided: Decided[] = []
    const decide = (openMs: number): void => {
      this.cursorMs = openMs
      this.#absent.delete(openMs)
      this.#refusals.delete(openMs)
      this.#suspectSinceMs = null
      this.#holeSinceMs = null
    }
    for (;;) {
      const nextMs = this.#nextMs()
      if (nextMs === undefined || nextMs >= beforeMs) return decided
      const bar = this.#waiting.get(nextMs)
      if (bar !== undefined) {
        if (bar.origin !== 'rest' && this.#lastClose !== null && isSuspect(this.#lastClose, bar.close)) {
          this.#suspectSinceMs ??= nowMs
          if (nowMs - this.#suspectSinceMs <= suspectMs) return decided
          this.#waiting.delete(nextMs)
          this.#suspectSinceMs = null
          this.#countRefusal(nextMs)
          continue
        }
        this.#waiting.delete(nextMs)
        this.#lastClose = bar.close
        decide(nextMs)
        decided.push({ kind: 'bar', bar })
        continue
      }
      if (this.#absent.has(nextMs)) {
        decide(nextMs)
        appendAbsence(decided, nextMs, 'confirmed')
        continue
      }
      if (this.#waiting.size === 0) return decided
      this.#holeSinceMs ??= nowMs
      if (nowMs - this.#holeSinceMs < holeMs) return decided
      const endMs = Math.min(beforeMs, ...this.#waiting.keys())
      for (let openMs = nextMs; openMs < endMs; openMs += minuteMs) {
        decide(openMs)
        appendAbsence(decided, openMs, 'given_up')
      }
    }
  }

  /** The range to request from the venue before processing continues; undefined if nothing waits. */
  wanted(): TimeRange | undefined {
    const nextMs = this.#nextMs()
    if (nextMs === undefined) return undefined
    if (this.#refusals.has(nextMs)) return { fromMs: nextMs, toMs: nextMs + minuteMs }
    if (this.#waiting.size === 0) return undefined
    const known = this.#waiting.get(nextMs)
    if (known !== undefined) return { fromMs: nextMs, toMs: nextMs + minuteMs }
    return { fromMs: nextMs, toMs: Math.min(...this.#waiting.keys()) }
  }

  #nextMs(): number | undefined {
    if (this.cursorMs !== null) return this.cursorMs + minuteMs
    return this.#waiting.size === 0 ? undefined : Math.min(...this.#waiting.keys())
  }

  /** A minute that was refused twice counts as a gap. */
  #countRefusal(openMs: number): void {
    if (!Number.isSafeInteger(openMs) || openMs % minuteMs !== 0) return
    if (this.cursorMs !== null && openMs <= this.cursorMs) return
    const count = (this.#refusals.get(openMs) ?? 0) + 1
    this.#refusals.set(openMs, count)
    if (count >= refusalsMax) this.#absent.add(openMs)
    if (this.#refusals.size > waitingMax) this.#refusals.delete(Math.max(...this.#refusals.keys()))
  }
}

function appendAbsence(decided: Decided[], openMs: number, reason: 'confirmed' | 'given_up'): void {
  const last = decided.at(-1)
  if (last?.kind === 'absent' && last.toMs === openMs && last.reason === reason)
    decided[decided.length - 1] = { ...last, toMs: openMs + minuteMs }
  else decided.push({ kind: 'absent', reason, fromMs: openMs, toMs: openMs + minuteMs })
}
