import { type BarFault, isSuspect, judgeBar } from './judge-bar.ts'
import type { Bar } from './combine-bars.ts'
import { intervalMs } from './timeframe.ts'

/** How a bar came to be. */
export type BarOrigin = 'stream' | 'rest' | 'built' | 'aggregated'

export type MinuteBar = Bar & {
  readonly origin: BarOrigin
  /** A minute without a trade on a venue that then sends none. */
  readonly filled: boolean
}

/** Times from `fromMs` on, before `toMs`. */
export type TimeRange = { readonly fromMs: number; readonly toMs: number }

export type Decided =
  | { readonly kind: 'bar'; readonly bar: MinuteBar }
  | ({ readonly kind: 'absent'; readonly reason: 'confirmed' | 'given_up' } & TimeRange)

export type Offered =
  | { readonly kind: 'taken' }
  /** At or before the cursor: a repeat, a change, or too late; whoever holds the stored bars can tell. */
  | { readonly kind: 'behind' }
  | { readonly kind: 'refused'; readonly because: BarFault }

/** How long a suspect bar may wait, and a hole. */
export type Patience = { readonly suspectMs: number; readonly holeMs: number }

const minuteMs = intervalMs['1m']
const refusalsMax = 2
/** What waits behind a hole; a venue is asked for the rest again. */
const waitingMax = 1_440

/**
 * Puts the minutes of one market in order (specification 4): takes bars as they come, and gives them on without a hole that
 * is not accounted for. A bar that is far from the one before waits until the venue has told it again.
 */
export class MinuteGate {
  /** Open time of the newest minute that was decided. */
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

  /** `venueNowMs`: the venue's clock. */
  offer(bar: MinuteBar, venueNowMs: number): Offered {
    const because = judgeBar('1m', bar, venueNowMs)
    if (because !== undefined) {
      if (because !== 'not_closed' && because !== 'from_the_future') this.#countRefusal(bar.openMs)
      return { kind: 'refused', because }
    }
    const { openMs } = bar
    if (this.cursorMs !== null && openMs <= this.cursorMs) return { kind: 'behind' }
    const known = this.#waiting.get(openMs)
    // What the venue answers when asked stands above what came by itself and waits to be confirmed.
    if (known === undefined || bar.origin === 'rest') this.#waiting.set(openMs, bar)
    return { kind: 'taken' }
  }

  /** The venue was asked about a range: what is not among its bars by now is not there. */
  cover({ fromMs, toMs }: TimeRange): void {
    // Before the first minute nothing is missed.
    const nextMs = this.#nextMs()
    if (nextMs === undefined) return
    for (let openMs = Math.max(fromMs, nextMs); openMs + minuteMs <= toMs; openMs += minuteMs)
      if (!this.#waiting.has(openMs)) this.#absent.add(openMs)
  }

  /**
   * What can be decided now, oldest first, of minutes that open before `beforeMs`. `nowMs`: of a clock that never steps,
   * since it says how long something waits.
   */
  drain(nowMs: number, patience: Patience, beforeMs = Number.POSITIVE_INFINITY): readonly Decided[] {
    const decided = this.#decide(nowMs, patience, beforeMs)
    if (this.#waiting.size > waitingMax)
      for (const openMs of [...this.#waiting.keys()].toSorted((a, b) => a - b).slice(waitingMax))
        this.#waiting.delete(openMs)
    return decided
  }

  /** Open time of the next minute, where it opens at `beforeMs` or later and there is something to be decided of it. */
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

  /** What the venue must be asked about before anything goes on; undefined where nothing waits. */
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

  /** A bar that was refused twice is a gap. */
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
