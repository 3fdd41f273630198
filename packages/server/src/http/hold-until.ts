import type { Clock } from '@gatehouse/kernel/clock'

type Held = { readonly clock: Clock; readonly deadlineMs: number; readonly release: () => void }

const tickMs = 1
const held = new Set<Held>()
let ticker: NodeJS.Timeout | undefined

/**
 * Waits for an instant on the monotonic clock; returns the milliseconds by which it had already passed, or 0. One ticker
 * lets everyone go: a timer of each caller's own would be late by where in the event loop it was set, and so by what the
 * caller had been doing until then.
 */
export async function holdUntil(clock: Clock, deadlineMs: number): Promise<number> {
  const leftMs = deadlineMs - clock.monotonic()
  if (leftMs <= 0) return -leftMs
  await new Promise<void>((release) => {
    held.add({ clock, deadlineMs, release })
    ticker ??= setInterval(letGo, tickMs)
  })
  return 0
}

function letGo(): void {
  for (const one of held)
    if (one.clock.monotonic() >= one.deadlineMs) {
      held.delete(one)
      one.release()
    }
  if (held.size > 0) return
  clearInterval(ticker)
  ticker = undefined
}
