import { Worker } from 'node:worker_threads'
import type { CalibrationTask } from './calibration-task.ts'
import type { CalibrationReply, CalibrationRequest } from './calibration-worker.ts'

const workerFile = new URL('./calibration-worker.ts', import.meta.url)

export type RunOptions = {
  readonly workers: number
  readonly signal: AbortSignal | undefined
  /** Called once per task, when its result is written. */
  readonly onDone: (id: number) => void
}

/**
 * Runs tasks on threads; each thread takes the next task when it has finished one. Rejects with the signal's reason
 * once it aborts, after all threads have ended; results of finished tasks remain.
 */
export async function runTasks(
  tasks: readonly { readonly id: number; readonly task: CalibrationTask }[],
  { workers, signal, onDone }: RunOptions,
): Promise<void> {
  signal?.throwIfAborted()
  if (tasks.length === 0) return
  const queue = tasks[Symbol.iterator]()
  const threads = Array.from({ length: Math.min(workers, tasks.length) }, () => new Worker(workerFile))
  const { promise: stopped, reject: stop } = Promise.withResolvers<never>()
  const onAbort = (): void => stop(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([stopped, Promise.all(threads.map((thread) => work(thread, queue, onDone)))])
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await Promise.all(threads.map((thread) => thread.terminate()))
  }
}

function work(
  thread: Worker,
  queue: Iterator<CalibrationRequest>,
  onDone: (id: number) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const next = (): void => {
    const taken = queue.next()
    if (taken.done === true) resolve()
    else thread.postMessage(taken.value)
  }
  thread.on('message', ({ id }: CalibrationReply) => {
    onDone(id)
    next()
  })
  thread.on('error', reject)
  thread.on('exit', (status) => reject(new Error(`A thread that calibrates ended with status ${status}`)))
  next()
  return promise
}
