import type { Clock } from '@gatehouse/kernel/clock'

type Held = { readonly clock: Clock; readonly deadlineMs: number; readonly release: () => void }

const tickMs = 1
/** A timer of a millisecond may be this late, and its delay differs from cause to cause. */
const watchFromMs = 2
/**
 * With more waiting callers than these, polling the clock would take a whole core, and their own jitter hides the
 * timer's.
 */
const watchedMax = 32
const held = new Set<Held>()
let isGoing = false

/**
 * Waits for a time on the monotonic clock; returns the milliseconds by which it had already passed, or 0. One ticker
 * releases all callers, and polls the clock without a pause when a time is near: the delay of a timer depends on where
 * in the event loop it was set, and so on what its caller did before.
 */
export async function holdUntil(clock: Clock, deadlineMs: number): Promise<number> {
  const leftMs = deadlineMs - clock.monotonic()
  if (leftMs <= 0) return -leftMs
  await new Promise<void>((release) => {
    held.add({ clock, deadlineMs, release })
    if (!isGoing) goOn()
  })
  return 0
}

function goOn(): void {
  let leastLeftMs = Number.POSITIVE_INFINITY
  for (const one of held) {
    const leftMs = one.deadlineMs - one.clock.monotonic()
    if (leftMs > 0) {
      leastLeftMs = Math.min(leastLeftMs, leftMs)
      continue
    }
    held.delete(one)
    one.release()
  }
  isGoing = held.size > 0
  if (!isGoing) return
  if (leastLeftMs < watchFromMs && held.size <= watchedMax) setImmediate(goOn)
  else setTimeout(goOn, tickMs)
}
