import { asWriter, type Database } from '../db/index.ts'
import { type ApiCall, insertCalls } from './store/call-store.ts'

export type CallLog = {
  /** Remembers one call; it is written within a second. Never waits. */
  readonly record: (call: ApiCall) => void
  /** Calls that were dropped because the database stayed away for too long. */
  readonly dropped: () => number
  /** Writes what is left. */
  readonly stop: () => Promise<void>
}

// Small and often: a thousand rows at once hold up every request of that moment by some milliseconds.
const flushEveryMs = 100
const batchRows = 250
const queueRowsMax = 50_000

export function createCallLog(db: Database, onError: (error: unknown) => void): CallLog {
  let queue: ApiCall[] = []
  let dropped = 0
  let flushing: Promise<void> = Promise.resolve()

  const flush = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = queue.slice(0, batchRows)
      await asWriter({ db }, (tx) => insertCalls(tx, batch))
      queue = queue.slice(batch.length)
    }
  }
  const flushNext = (): Promise<void> => {
    flushing = flushing.then(flush).catch(onError)
    return flushing
  }
  const timer = setInterval(() => void flushNext(), flushEveryMs)
  timer.unref()

  return {
    record: (call) => {
      if (queue.length < queueRowsMax) queue.push(call)
      else dropped += 1
    },
    dropped: () => dropped,
    stop: async () => {
      clearInterval(timer)
      await flushNext()
      dropped += queue.length
      if (dropped > 0) onError(new Error(`${dropped} calls could not be written to api_call`))
    },
  }
}
