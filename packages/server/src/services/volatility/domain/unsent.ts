/** When which byte was handed over, for frames that could not leave at once. */
type Mark = { readonly upTo: number; readonly atMs: number }

/** What a connection has not taken yet, by age. Times are of a clock that never steps. */
export type Unsent = {
  /** After a frame: how many bytes were handed over in all, and how many of them still wait. */
  readonly note: (sentBytes: number, unsentBytes: number, nowMs: number) => void
  /** Since when the oldest frame waits that has not left whole; undefined where none waits. */
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
