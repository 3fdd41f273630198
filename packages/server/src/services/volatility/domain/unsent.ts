/** When a byte position was handed to the socket, for frames that could not be sent immediately. */
type Mark = { readonly upTo: number; readonly atMs: number }

/** The age of data that a connection has not accepted yet. Times are from a monotonic clock. */
export type Unsent = {
  /** Called after each frame: bytes handed over in total, and bytes still waiting. */
  readonly note: (sentBytes: number, unsentBytes: number, nowMs: number) => void
  /** Since when the oldest incompletely sent frame waits; undefined if none waits. */
  readonly oldestMs: (sentBytes: number, unsentBytes: number) => number | undefined
}

export function createUnsent(): Unsent {
  let marks: Mark[] = []
  let first = 0
  const settle = (sentBytes: number, unsentBytes: number): void => {
    if (unsentBytes === 0) {
      marks = []
      first = 0
      return
    }
    const left = sentBytes - unsentBytes
    while ((marks[first]?.upTo ?? Number.POSITIVE_INFINITY) <= left) first += 1
    if (first > 1_024) {
      marks = marks.slice(first)
      first = 0
    }
  }
  return {
    note: (sentBytes, unsentBytes, nowMs) => {
      settle(sentBytes, unsentBytes)
      if (unsentBytes > 0) marks.push({ upTo: sentBytes, atMs: nowMs })
    },
    oldestMs: (sentBytes, unsentBytes) => {
      settle(sentBytes, unsentBytes)
      return marks[first]?.atMs
    },
  }
}
