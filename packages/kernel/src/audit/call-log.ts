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

// Small and often: to send a hundred rows holds up the requests of that moment by half a millisecond. What has piled up
// goes in larger batches, which cost less a row.
const flushEveryMs = 100
const batchRows = { min: 64, max: 1_000 }
const batchesPerFlush = 8
const queueRowsMax = 50_000

export function createCallLog(db: Database, onError: (error: unknown) => void): CallLog {
  let queue: ApiCall[] = []
  let dropped = 0
  let flushing: Promise<void> = Promise.resolve()

  const flush = async (): Promise<void> => {
    const share = Math.ceil(queue.length / batchesPerFlush)
    const rows = Math.min(Math.max(batchRows.min, share), batchRows.max)
    while (queue.length > 0) {
      const batch = queue.slice(0, rows)
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
