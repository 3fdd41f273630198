type Entry = { readonly atMs: number; readonly cost: number }

export type ExactLog = {
  /** The number of requests noted in the trailing window that ends at `nowMs`, both ends included. */
  readonly countAt: (nowMs: number) => number
  /** Notes a request and returns a function that removes it again. `atMs` never runs backwards. */
  readonly note: (atMs: number, cost: number) => () => void
}

/** Keeps every request, and so gives exactly the number that a limiter estimates. */
export function exactLog(windowSeconds: number): ExactLog {
  const entries = new Set<Entry>()
  let count = 0
  const strike = (entry: Entry): void => {
    if (entries.delete(entry)) count -= entry.cost
  }
  return {
    countAt: (nowMs) => {
      for (const entry of entries) {
        if (entry.atMs >= nowMs - windowSeconds * 1000) break
        strike(entry)
      }
      return count
    },
    note: (atMs, cost) => {
      const entry = { atMs, cost }
      entries.add(entry)
      count += cost
      return () => strike(entry)
    },
  }
}
