/**
 * The sliding window that @upstash/ratelimit documents: one counter for each fixed window, the previous one weighted by
 * the share of it that the trailing window still covers. It trusts that requests came evenly.
 */
export function twoCounterWindow(limit: number, windowMs: number): (nowMs: number) => boolean {
  let current = { window: Number.NEGATIVE_INFINITY, count: 0 }
  let previousCount = 0
  return (nowMs) => {
    const window = Math.floor(nowMs / windowMs)
    if (window !== current.window) {
      previousCount = window === current.window + 1 ? current.count : 0
      current = { window, count: 0 }
    }
    const shareLeft = 1 - (nowMs % windowMs) / windowMs
    if (Math.floor(previousCount * shareLeft) + current.count >= limit) return false
    current.count++
    return true
  }
}
