/** A sliding-window rate counter that stores at most `max` times. */
export function createRecentTimes(max: number, windowMs: number): (nowMs: number) => boolean {
  let times: readonly number[] = []
  /** Records one event; false if it is more than `max` within the window. */
  return (nowMs) => {
    times = [...times.filter((atMs) => nowMs - atMs < windowMs), nowMs].slice(-(max + 1))
    return times.length <= max
  }
}
