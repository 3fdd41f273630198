import type { Timeline } from '@gatehouse/kernel/clock'
import { wait } from './wait.ts'

/** The limits are those of specification 8.2. */
const attemptsMax = 20
const windowMs = 300_000
const firstDelayMs = 500
const delayMsMax = 30_000

/** Limits connection attempts to one venue: at most this many within five minutes, whatever fails. */
export class Attempts {
  readonly #timeline: Timeline
  readonly #random: () => number
  readonly #startedMs: number[] = []
  #failures = 0

  constructor(timeline: Timeline, random: () => number) {
    this.#timeline = timeline
    this.#random = random
  }

  /** Waits until another attempt is allowed, and counts it. */
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

  /** Full jitter: a random delay up to a bound that doubles with each failure. */
  async pause(signal: AbortSignal): Promise<void> {
    const boundMs = Math.min(delayMsMax, firstDelayMs * 2 ** this.#failures)
    this.#failures += 1
    await wait(this.#timeline, this.#random() * boundMs, signal)
  }

  /** Resets the backoff after a connection was stable for long enough. */
  forget(): void {
    this.#failures = 0
  }
}
