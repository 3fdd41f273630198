import { minuteMs } from './minute.ts'
import type { BarPage, ClosedBar } from './market-feed.ts'

/** A minute that was handed on before arrived again with other figures. */
export type LateBar = { readonly bar: ClosedBar; readonly reason: 'differs' | 'late' }

/** The number of bars that may wait behind a gap; the rest is requested once it is closed. */
const heldMax = 600

/**
 * Orders the minutes of one product, each once: bars behind a gap wait until it is filled, or until the venue has
 * confirmed that it is empty.
 */
export class BarSequence {
  #nextMs: number
  #last: ClosedBar | undefined
  readonly #held = new Map<number, ClosedBar>()
  // The last few released bars, to distinguish a duplicate from a correction.
  readonly #recent = new Map<number, ClosedBar>()

  /** @param nextMs Open time of the first expected minute. */
  constructor(nextMs: number) {
    this.#nextMs = nextMs
  }

  get nextMs(): number {
    return this.#nextMs
  }

  /** The close of the minute just before the next one, if it exists. */
  get closeBefore(): number | undefined {
    return this.#last?.openMs === this.#nextMs - minuteMs ? this.#last.close : undefined
  }

  get isWaiting(): boolean {
    return this.#held.size > 0
  }

  /** Takes a pushed minute; returns the bars that can be released. */
  offer(bar: ClosedBar): { readonly released: readonly ClosedBar[]; readonly late?: LateBar } {
    if (bar.openMs < this.#nextMs) {
      const known = this.#recent.get(bar.openMs)
      if (known !== undefined && isSame(known, bar)) return { released: [] }
      return { released: [], late: { bar, reason: known === undefined ? 'late' : 'differs' } }
    }
    if (!this.#held.has(bar.openMs) && this.#held.size < heldMax) this.#held.set(bar.openMs, bar)
    return { released: this.#release() }
  }

  /**
   * Takes the venue's answer for a range; minutes missing from it are skipped. Returns the bars that can be released.
   */
  cover({ bars, coveredFromMs, coveredToMs }: BarPage): readonly ClosedBar[] {
    if (coveredFromMs > this.#nextMs) return []
    const inPage = new Map(bars.map((bar) => [bar.openMs, bar]))
    const released: ClosedBar[] = []
    while (this.#nextMs < coveredToMs) {
      // Pushed bars have priority, because other clients received the same; the answer only fills gaps.
      const bar = this.#held.get(this.#nextMs) ?? inPage.get(this.#nextMs)
      if (bar === undefined) this.#nextMs += minuteMs
      else this.#hand(bar, released)
    }
    return [...released, ...this.#release()]
  }

  /** Skips the gap, and returns the bars behind it. */
  skipHole(): readonly ClosedBar[] {
    if (this.#held.size === 0) return []
    this.#nextMs = Math.min(...this.#held.keys())
    return this.#release()
  }

  #release(): readonly ClosedBar[] {
    const released: ClosedBar[] = []
    for (let bar = this.#held.get(this.#nextMs); bar !== undefined; bar = this.#held.get(this.#nextMs))
      this.#hand(bar, released)
    return released
  }

  #hand(bar: ClosedBar, released: ClosedBar[]): void {
    released.push(bar)
    this.#held.delete(bar.openMs)
    this.#last = bar
    this.#nextMs = bar.openMs + minuteMs
    this.#recent.set(bar.openMs, bar)
    const [oldest] = this.#recent.keys()
    if (oldest !== undefined && this.#recent.size > 60) this.#recent.delete(oldest)
  }
}

function isSame(a: ClosedBar, b: ClosedBar): boolean {
  return (
    a.open === b.open &&
    a.high === b.high &&
    a.low === b.low &&
    a.close === b.close &&
    // Built and requested bars add up trades in different orders, so sums differ by rounding.
    Math.abs(a.volume - b.volume) <= 1e-9 * Math.max(1, a.volume)
  )
}
