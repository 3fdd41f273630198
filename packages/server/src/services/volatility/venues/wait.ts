import type { Timeline } from '@gatehouse/kernel/clock'

/** Waits on a timeline; resolves immediately, without an error, when the signal is aborted. */
export function wait(timeline: Timeline, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = (): void => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = timeline.after(delayMs, done)
    signal.addEventListener('abort', done)
  })
}
