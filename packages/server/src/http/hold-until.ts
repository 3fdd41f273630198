import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '@gatehouse/kernel/clock'

/** Waits for an instant on the monotonic clock; returns the milliseconds by which it had already passed, or 0. */
export async function holdUntil(clock: Clock, deadlineMs: number): Promise<number> {
  let leftMs = deadlineMs - clock.monotonic()
  const lateMs = Math.max(0, -leftMs)
  // A timer may fire a fraction of a millisecond early, and early is what the floor must never be.
  while (leftMs > 0) {
    await wait(Math.ceil(leftMs))
    leftMs = deadlineMs - clock.monotonic()
  }
  return lateMs
}
