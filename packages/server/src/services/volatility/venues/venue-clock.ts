import type { Clock } from '@gatehouse/kernel/clock'

/**
 * What a venue's clock shows, at least: what it showed when we last heard of it, and the time since. What travelled longer
 * makes it show less, never more, so that no bar counts as closed that is not.
 */
export class VenueClock {
  readonly #clock: Clock
  #heard: { readonly venueMs: number; readonly atMs: number } | undefined
  #measuredAtMs = Number.NEGATIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The venue said what time it is. */
  hear(venueMs: number): void {
    this.#heard = { venueMs, atMs: this.#clock.monotonic() }
  }

  /** The venue was asked for its time. */
  measure(venueMs: number): void {
    this.hear(venueMs)
    this.#measuredAtMs = this.#clock.monotonic()
  }

  /** Undefined before anything was heard. */
  now(): number | undefined {
    return this.#heard === undefined
      ? undefined
      : this.#heard.venueMs + (this.#clock.monotonic() - this.#heard.atMs)
  }

  /** How long ago the venue was asked for its time. */
  get measuredAgoMs(): number {
    return this.#clock.monotonic() - this.#measuredAtMs
  }

  /** By how much the venue is ahead of us; negative where it is behind. */
  get offsetMs(): number {
    return (this.now() ?? this.#clock.now()) - this.#clock.now()
  }
}
