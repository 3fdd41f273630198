import { setTimeout as wait } from 'node:timers/promises'
import type { PostgresEvent } from './postgres-event.ts'
import type { PostgresProcess } from './postgres-process.ts'

const delayMinMs = 100
const delayMaxMs = 5_000
/** A process that ran for this long had started well: the next pause is the shortest again. */
const soundAfterMs = 60_000

/** Restarts a process whenever it ends unexpectedly, with growing pauses while it keeps ending, until it is stopped. */
export function keepRunning(
  first: PostgresProcess,
  start: () => Promise<PostgresProcess>,
  onEvent: (event: PostgresEvent) => void,
): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController()
  let running = first

  const watch = async (): Promise<void> => {
    for (let delayMs = delayMinMs; ;) {
      const startedAt = performance.now()
      await running.ended
      if (stopping.signal.aborted) return
      onEvent({ kind: 'died' })
      if (performance.now() - startedAt >= soundAfterMs) delayMs = delayMinMs
      for (let started = false; !started; delayMs = Math.min(2 * delayMs, delayMaxMs)) {
        await wait(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined)
        if (stopping.signal.aborted) return
        try {
          running = await start()
          started = true
        } catch (error) {
          onEvent({
            kind: 'restart_failed',
            error: error instanceof Error ? error : new Error(String(error)),
          })
        }
      }
      // The stop came during the start, when there was nothing to stop yet.
      if (stopping.signal.aborted) return running.stop()
      onEvent({ kind: 'restarted' })
    }
  }

  const watching = watch()
  return {
    stop: async () => {
      stopping.abort()
      await running.stop()
      await watching
    },
  }
}
