/** Counts what happened within the last `windowMs`, of no more than `max` of it. */
export function createRecentTimes(max: number, windowMs: number): (nowMs: number) => boolean {
  let times: readonly number[] = []
  /** Notes one more; false when that is more than `max` within the window. */
  return (nowMs) => {
    times = [...times.filter((atMs) => nowMs - atMs < windowMs), nowMs].slice(-(max + 1))
    return times.length <= max
  }
}
