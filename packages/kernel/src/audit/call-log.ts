import { asWriter, type Database, isOutage } from '../db/index.ts'
import { type ApiCall, batchRowsMax, CallBatch, insertCalls } from './store/call-store.ts'

export type CallLog = {
  /**
   * Queues one call, which is written within a second. When the queue is full it returns a promise that the caller
   * should await: it resolves when there is room, or when the database has failed and the call is counted as lost.
   */
  readonly record: (call: ApiCall) => void | Promise<void>
  readonly counts: () => CallCounts
  /** Writes all queued calls. */
  readonly flush: () => Promise<void>
  /** Stops the timer and writes the queued calls; what cannot be written is counted as lost. */
  readonly stop: () => Promise<void>
}

export type CallCounts = {
  readonly queued: number
  /** The number of calls that found the queue full. */
  readonly waited: number
  /** The number of calls that will never be written, because the database failed while the queue was full. */
  readonly lost: number
}

// Flushes are rare and large: an insert costs PostgreSQL 13 to 15 µs a row with 64 rows, and 4 µs with a thousand.
const flushEveryMs = 400
const batchesMax = 50

export function createCallLog(
  db: Database,
  onError: (error: unknown) => void,
  queueBatchesMax = batchesMax,
): CallLog {
  const queue: CallBatch[] = []
  let waiting: { readonly call: ApiCall; readonly release: () => void }[] = []
  let flushing: Promise<void> | undefined
  let waited = 0
  let lost = 0

  /** Returns false when the queue is full. */
  const add = (call: ApiCall): boolean => {
    let batch = queue.at(-1)
    if (batch === undefined || batch.isClosed || batch.size === batchRowsMax) {
      if (queue.length >= queueBatchesMax) return false
      batch = new CallBatch()
      queue.push(batch)
    }
    batch.add(call)
    return true
  }
  const admitWaiting = (): void => {
    const came = waiting
    waiting = []
    for (const one of came) {
      if (add(one.call)) one.release()
      else waiting.push(one)
    }
  }
  const lose = (count: number, cause: unknown): void => {
    lost += count
    onError(new Error(`${count} calls could not be written to api_call; ${lost} so far`, { cause }))
  }

  const flush = async (): Promise<void> => {
    // Calls that arrive during a flush wait for the next one: writing them right after this one would make small
    // batches.
    let left = queue.length
    const last = queue.at(-1)
    if (last !== undefined) last.isClosed = true
    for (; left > 0; left -= 1) {
      const [batch] = queue
      if (batch === undefined) return
      try {
        await asWriter({ db }, (tx) => insertCalls(tx, batch))
      } catch (error) {
        if (isOutage(error)) throw error
        // The database would refuse this batch every time, and the batches behind it would never be written.
        lose(batch.size, error)
      }
      queue.shift()
      admitWaiting()
    }
  }
  const flushNext = (): Promise<void> => {
    flushing ??= flush()
      .catch((error: unknown) => {
        onError(error)
        const unwritten = waiting
        waiting = []
        if (unwritten.length > 0) lose(unwritten.length, error)
        for (const { release } of unwritten) release()
      })
      .finally(() => {
        flushing = undefined
      })
    return flushing
  }
  const timer = setInterval(() => void flushNext(), flushEveryMs)
  timer.unref()

  return {
    record: (call) => {
      if (add(call)) return undefined
      waited += 1
      if (waiting.length === 0) onError(new Error('The queue of api_call is full, so callers wait'))
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push({ call, release: resolve })
      void flushNext()
      return promise
    },
    flush: async () => {
      await flushing
      await flushNext()
    },
    counts: () => ({ queued: queue.reduce((sum, { size }) => sum + size, 0), waited, lost }),
    stop: async () => {
      clearInterval(timer)
      await flushing
      await flushNext()
      const unwritten = queue.reduce((sum, { size }) => sum + size, 0)
      if (unwritten > 0) lose(unwritten, undefined)
    },
  }
}
