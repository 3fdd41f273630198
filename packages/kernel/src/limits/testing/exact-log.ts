type Entry = { readonly atMs: number; readonly cost: number }

export type ExactLog = {
  /** What was noted in the trailing window that ends at `nowMs`, both of its ends included. */
  readonly countAt: (nowMs: number) => number
  /** Notes a request and returns what strikes it out again. `atMs` never runs backwards. */
  readonly note: (atMs: number, cost: number) => () => void
}

/** Remembers every request there was, and so says exactly what a limiter estimates. */
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
