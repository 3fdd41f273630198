/** Wall time for what is written down, monotonic time for durations. */
export type Clock = {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  /** Milliseconds on a monotonic scale with an arbitrary origin. */
  readonly monotonic: () => number
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }
