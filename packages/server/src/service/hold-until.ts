import type { Clock } from '@gatehouse/kernel/clock'

type Held = { readonly clock: Clock; readonly deadlineMs: number; readonly release: () => void }

const tickMs = 1
/** A timer of a millisecond may be that late, and by more or less after one cause than after another. */
const watchFromMs = 2
/** With more than these waiting, watching would take a whole core, and their own noise hides the timer's. */
const watchedMax = 32
const held = new Set<Held>()
let isGoing = false

/**
 * Waits for an instant on the monotonic clock; returns the milliseconds by which it had already passed, or 0. One ticker
 * lets everyone go, and watches the clock without a pause when an instant is near: a timer ends late by where in the
 * event loop it was set, and so by what its caller had been doing until then.
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
