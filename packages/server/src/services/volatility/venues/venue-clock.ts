import type { Clock } from '@gatehouse/kernel/clock'

/**
 * A lower bound of a venue's clock: its time when we last heard of it, plus the time since. Delays make it show less,
 * never more, so that no open bar counts as closed.
 */
export class VenueClock {
  readonly #clock: Clock
  #heard: { readonly venueMs: number; readonly atMs: number } | undefined
  #measuredAtMs = Number.NEGATIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Takes a time that the venue sent. */
  hear(venueMs: number): void {
    this.#heard = { venueMs, atMs: this.#clock.monotonic() }
  }

  /** Takes the answer to a request for the venue's time. */
  measure(venueMs: number): void {
    this.hear(venueMs)
    this.#measuredAtMs = this.#clock.monotonic()
  }

  /** Undefined before any time was received. */
  now(): number | undefined {
    return this.#heard === undefined
      ? undefined
      : this.#heard.venueMs + (this.#clock.monotonic() - this.#heard.atMs)
  }

  /** How long ago the venue was asked for its time. */
  get measuredAgoMs(): number {
    return this.#clock.monotonic() - this.#measuredAtMs
  }

  /** How far the venue's clock is ahead of ours; negative if it is behind. */
  get offsetMs(): number {
    return (this.now() ?? this.#clock.now()) - this.#clock.now()
  }
}
