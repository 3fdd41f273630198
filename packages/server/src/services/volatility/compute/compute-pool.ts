import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { ComputeReply, ComputeRequest } from './compute-worker.ts'
import type { TaskName, Tasks } from './tasks.ts'

export type ComputePool = {
  /**
   * Runs a computation on a thread, so that the event loop is not blocked; rejects with `BudgetSpent` if it takes too
   * long.
   */
  readonly run: <Name extends TaskName>(
    name: Name,
    input: Parameters<Tasks[Name]>[0],
  ) => Promise<ReturnType<Tasks[Name]>>
  readonly stop: () => Promise<void>
}

/** A computation exceeded its time budget. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent'
}

type Waiting = {
  readonly request: ComputeRequest
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

type Thread = {
  worker: Worker | undefined
  isReady: boolean
  current: Waiting | undefined
  timer: NodeJS.Timeout | undefined
}

const workerFile = new URL('./compute-worker.ts', import.meta.url)

/** A pool of compute threads, each running one task at a time; the budget starts when a thread takes the task. */
export function createComputePool(
  budgetMs: number,
  threadsMax = Math.max(1, availableParallelism() - 1),
  file = workerFile,
): ComputePool {
  const threads = Array.from({ length: threadsMax }, (): Thread => ({
    worker: undefined,
    isReady: false,
    current: undefined,
    timer: undefined,
  }))
  const queue: Waiting[] = []

  const finish = (thread: Thread): Waiting | undefined => {
    const { current } = thread
    clearTimeout(thread.timer)
    thread.current = undefined
    return current
  }
  const workerOf = (thread: Thread): Worker => {
    if (thread.worker !== undefined) return thread.worker
    const worker = new Worker(file)
    thread.isReady = false
    let cause: unknown
    worker.on('message', (reply: ComputeReply) => {
      if ('ready' in reply) {
        thread.isReady = true
        startTimer(thread)
        return
      }
      const current = finish(thread)
      if (reply.done) current?.resolve(reply.value)
      else current?.reject(reply.error)
      takeNext(thread)
    })
    worker.on('error', (error: unknown) => {
      cause = error
    })
    worker.on('exit', (status) => {
      if (thread.worker !== worker) return
      thread.worker = undefined
      finish(thread)?.reject(cause ?? new Error(`A thread that computes ended with status ${status}`))
      takeNext(thread)
    })
    // An idle thread does not keep the process alive.
    worker.unref()
    thread.worker = worker
    return worker
  }
  const takeNext = (thread: Thread): void => {
    const next = queue.shift()
    if (next === undefined) return
    thread.current = next
    workerOf(thread).postMessage(next.request)
    if (thread.isReady) startTimer(thread)
  }
  // The budget does not include the time in which a thread loads.
  const startTimer = (thread: Thread): void => {
    thread.timer = setTimeout(() => {
      const { worker } = thread
      thread.worker = undefined
      finish(thread)?.reject(new BudgetSpent(`A computation took more than ${budgetMs} ms`))
      void worker?.terminate()
      takeNext(thread)
    }, budgetMs)
  }

  return {
    run: <Name extends TaskName>(name: Name, input: Parameters<Tasks[Name]>[0]) =>
      new Promise<ReturnType<Tasks[Name]>>((resolve, reject) => {
        // Safe: the worker replies to a task with a copy of its function's result.
        const settle = resolve as (value: unknown) => void
        queue.push({ request: { name, input }, resolve: settle, reject })
        const idle = threads.find(({ current }) => current === undefined)
        if (idle !== undefined) takeNext(idle)
      }),
    stop: async () => {
      const stopped = new Error('The server stops')
      for (const { reject } of queue.splice(0)) reject(stopped)
      await Promise.all(
        threads.flatMap((thread) => {
          const { worker } = thread
          thread.worker = undefined
          finish(thread)?.reject(stopped)
          return worker === undefined ? [] : [worker.terminate()]
        }),
      )
    },
  }
}
