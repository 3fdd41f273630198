import type { Timeline } from '../clock/index.ts'

export type FakeTimeline = Timeline & {
  /**
   * Advances by `ms` milliseconds, from one due timer to the next. After each it waits for `settle`, so that what
   * travels over real sockets arrives before time goes on.
   */
  readonly advance: (ms: number, settle?: () => Promise<void>) => Promise<void>
}

type Due = { readonly atMs: number; readonly order: number; readonly run: () => void }

/** A timeline that moves only when `advance` is called. */
export function fakeTimeline(startMs = Date.UTC(2026, 0, 1)): FakeTimeline {
  let elapsedMs = 0
  let order = 0
  const dues = new Set<Due>()
  const nextDue = (untilMs: number): Due | undefined => {
    let first: Due | undefined
    for (const due of dues)
      if (
        due.atMs <= untilMs &&
        (first === undefined || due.atMs < first.atMs || (due.atMs === first.atMs && due.order < first.order))
      )
        first = due
    return first
  }
  return {
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    after: (delayMs, run) => {
      order += 1
      const due = { atMs: elapsedMs + Math.max(0, delayMs), order, run }
      dues.add(due)
      return () => void dues.delete(due)
    },
    advance: async (ms, settle = settleSockets) => {
      const untilMs = elapsedMs + ms
      await settle()
      for (let due = nextDue(untilMs); due !== undefined; due = nextDue(untilMs)) {
        elapsedMs = Math.max(elapsedMs, due.atMs)
        const lastOrder = order
        // Timers that are due at the same moment run together; those that they add run after the sockets.
        for (
          let one = nextDue(elapsedMs);
          one !== undefined && one.order <= lastOrder;
          one = nextDue(elapsedMs)
        ) {
          dues.delete(one)
          one.run()
        }
        await settle()
      }
      elapsedMs = untilMs
    },
  }
}

/** Some turns of the event loop: on one machine, what was sent is received within them. */
async function settleSockets(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1)
    await new Promise<void>((resolve) => {
      setImmediate(resolve)
    })
}
