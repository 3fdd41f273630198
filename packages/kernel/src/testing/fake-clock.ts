import type { Clock } from '../clock/index.ts'

export type FakeClock = Clock & {
  readonly advance: (ms: number) => void
  readonly set: (nowMs: number) => void
}

/** A clock that moves only by `advance` and `set`. */
export function fakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let nowMs = startMs
  let monotonicMs = 0
  return {
    now: () => nowMs,
    monotonic: () => monotonicMs,
    advance: (ms) => {
      nowMs += ms
      monotonicMs += ms
    },
    set: (next) => {
      nowMs = next
    },
  }
}
