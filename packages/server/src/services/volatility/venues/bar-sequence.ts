import { minuteMs } from './minute.ts'
import type { BarPage, ClosedBar } from './market-feed.ts'

/** A minute of a product arrived that was handed on before, with other figures. */
export type LateBar = { readonly bar: ClosedBar; readonly reason: 'differs' | 'late' }

/** Bars that wait for a hole before them; the rest is asked for once the hole is closed. */
const heldMax = 600

/**
 * Puts the minutes of one product in order, each once: what lies beyond a hole waits until the hole is filled, or until the
 * venue has said that there is nothing in it.
 */
export class BarSequence {
  #nextMs: number
  #last: ClosedBar | undefined
  readonly #held = new Map<number, ClosedBar>()
  // A handful of what was handed on last, to tell a duplicate from a correction.
  readonly #recent = new Map<number, ClosedBar>()

  /** @param nextMs The open time of the first minute that is wanted. */
  constructor(nextMs: number) {
    this.#nextMs = nextMs
  }

  get nextMs(): number {
    return this.#nextMs
  }

  /** The close of the minute just before the next one, where there was such a minute. */
  get closeBefore(): number | undefined {
    return this.#last?.openMs === this.#nextMs - minuteMs ? this.#last.close : undefined
  }

  get isWaiting(): boolean {
    return this.#held.size > 0
  }

  /** What can be handed on now that this minute was pushed. */
  offer(bar: ClosedBar): { readonly released: readonly ClosedBar[]; readonly late?: LateBar } {
    if (bar.openMs < this.#nextMs) {
      const known = this.#recent.get(bar.openMs)
      if (known !== undefined && isSame(known, bar)) return { released: [] }
      return { released: [], late: { bar, reason: known === undefined ? 'late' : 'differs' } }
    }
    if (!this.#held.has(bar.openMs) && this.#held.size < heldMax) this.#held.set(bar.openMs, bar)
    return { released: this.#release() }
  }

  /** What can be handed on now that the venue was asked: absent minutes of the range are gone over. */
  cover({ bars, coveredFromMs, coveredToMs }: BarPage): readonly ClosedBar[] {
    if (coveredFromMs > this.#nextMs) return []
    const inPage = new Map(bars.map((bar) => [bar.openMs, bar]))
    const released: ClosedBar[] = []
    while (this.#nextMs < coveredToMs) {
      // What was pushed is what others were told; the answer fills what was not.
      const bar = this.#held.get(this.#nextMs) ?? inPage.get(this.#nextMs)
      if (bar === undefined) this.#nextMs += minuteMs
      else this.#hand(bar, released)
    }
    return [...released, ...this.#release()]
  }

  /** What waits, the hole before it left behind. */
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
    // What is built of trades and what is asked for add up in another order.
    Math.abs(a.volume - b.volume) <= 1e-9 * Math.max(1, a.volume)
  )
}
