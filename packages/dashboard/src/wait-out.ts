import { useEffect, useState } from 'preact/hooks'
import { Outage } from './outage.ts'

/** What to show while the server has not answered yet. */
export type Waiting = {
  readonly because: Outage['because'] | 'slow'
  /** When the next attempt starts; undefined while one is running. */
  readonly nextAtMs: number | undefined
}

/** A longer attempt is shown to the user. */
const slowMs = 1_000
// The first retries are soon, because a refresh whose reply was lost can be repeated only within 10 s.
const pausesMs = [1_000, 2_000, 4_000, 8_000, 15_000]

let waiting: Waiting | undefined
let hurry: (() => void) | undefined
const listeners = new Set<() => void>()

/** Retries until the server decides; `attempt` throws an Outage as long as it does not. */
export async function waitOut<T>(attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
  try {
    for (let failures = 0; ; failures += 1) {
      try {
        return await tryOnce(attempt)
      } catch (error) {
        if (!(error instanceof Outage)) throw error
        const pauseMs = error.retryAfterMs ?? pausesMs[Math.min(failures, pausesMs.length - 1)] ?? 0
        tell({ because: error.because, nextAtMs: Date.now() + pauseMs })
        await pause(pauseMs)
        tell({ because: error.because, nextAtMs: undefined })
      }
    }
  } finally {
    tell(undefined)
  }
}

/** Starts the next attempt immediately, aborting a running one if necessary. */
export function retryNow(): void {
  hurry?.()
}

export function useWaiting(): Waiting | undefined {
  const [now, setNow] = useState(waiting)
  useEffect(() => {
    const show = (): void => setNow(waiting)
    listeners.add(show)
    show()
    return () => void listeners.delete(show)
  }, [])
  return now
}

async function tryOnce<T>(attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController()
  hurry = () => abort.abort()
  const slow = setTimeout(() => tell(waiting ?? { because: 'slow', nextAtMs: undefined }), slowMs)
  try {
    return await attempt(abort.signal)
  } catch (error) {
    if (!abort.signal.aborted) throw error
    throw new Outage('unreachable', 0, { cause: error })
  } finally {
    clearTimeout(slow)
    hurry = undefined
  }
}

function pause(ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const go = (): void => resolve()
  const timer = setTimeout(go, ms)
  hurry = go
  addEventListener('online', go)
  return promise.finally(() => {
    clearTimeout(timer)
    removeEventListener('online', go)
    hurry = undefined
  })
}

function tell(next: Waiting | undefined): void {
  if (next === waiting) return
  waiting = next
  for (const show of listeners) show()
}
