import type { Timeline } from '@gatehouse/kernel/clock'
import { wait } from './wait.ts'

/** Figures of specification 8.2. */
const attemptsMax = 20
const windowMs = 300_000
const firstDelayMs = 500
const delayMsMax = 30_000

/** When links to one venue may be opened: never more than so many within five minutes, whatever fails how often. */
export class Attempts {
  readonly #timeline: Timeline
  readonly #random: () => number
  readonly #startedMs: number[] = []
  #failures = 0

  constructor(timeline: Timeline, random: () => number) {
    this.#timeline = timeline
    this.#random = random
  }

  /** Waits until one more may start, and counts it. */
  async begin(signal: AbortSignal): Promise<void> {
    for (;;) {
      const nowMs = this.#timeline.monotonic()
      while ((this.#startedMs[0] ?? nowMs) <= nowMs - windowMs) this.#startedMs.shift()
      const [first] = this.#startedMs
      if (this.#startedMs.length < attemptsMax || first === undefined) break
      await wait(this.#timeline, first + windowMs - nowMs, signal)
      if (signal.aborted) return
    }
    this.#startedMs.push(this.#timeline.monotonic())
  }

  /** Full jitter: anything between nothing and a bound that doubles with each failure. */
  async pause(signal: AbortSignal): Promise<void> {
    const boundMs = Math.min(delayMsMax, firstDelayMs * 2 ** this.#failures)
    this.#failures += 1
    await wait(this.#timeline, this.#random() * boundMs, signal)
  }

  /** A link was good for long enough. */
  forget(): void {
    this.#failures = 0
  }
}
