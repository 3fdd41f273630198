import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { ProbeResult } from '../domain/assess.ts'
import type { CheckTask } from './check-task.ts'
import type { WorkerData, WorkerReply, WorkerRequest } from './check-worker.ts'

export type CheckRun = {
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly result: ProbeResult
}

export type CheckPool = {
  /** Runs a check on the least busy thread; it always comes to a result. */
  readonly run: (task: CheckTask) => Promise<CheckRun>
  readonly stop: () => Promise<void>
}

/** Beyond this lateness of the thread's event loop, a time-out says more about us than about the target. */
const overloadedLateMs = 250

type Waiting = {
  readonly task: CheckTask
  readonly sentAtMs: number
  readonly settle: (run: CheckRun) => void
}
type Thread = { worker: Worker; readonly waiting: Map<number, Waiting> }

/** Threads that do nothing but look at targets; the database stays in the main one. */
export function createCheckPool(
  data: WorkerData,
  threads = Math.max(1, availableParallelism() - 1),
): CheckPool {
  let nextId = 0
  let stopped = false
  const pool: Thread[] = []

  const start = (thread: Thread): void => {
    thread.worker = new Worker(new URL('./check-worker.ts', import.meta.url), { workerData: data })
    thread.worker.on('message', (reply: WorkerReply) => settle(thread, reply))
    thread.worker.on('error', () => undefined)
    thread.worker.on('exit', () => {
      abandon(thread)
      if (!stopped) start(thread)
    })
  }
  for (let i = 0; i < threads; i += 1) {
    // Safe: `start` sets the worker before anything reads it.
    const thread = { waiting: new Map() } as unknown as Thread
    start(thread)
    pool.push(thread)
  }

  return {
    run: (task) =>
      new Promise((resolve) => {
        const thread = pool.reduce((least, other) =>
          other.waiting.size < least.waiting.size ? other : least,
        )
        const id = (nextId += 1)
        thread.waiting.set(id, { task, sentAtMs: Date.now(), settle: resolve })
        thread.worker.postMessage({ id, task } satisfies WorkerRequest)
      }),
    stop: async () => {
      stopped = true
      await Promise.all(pool.map(({ worker }) => worker.terminate()))
    },
  }
}

function settle(thread: Thread, { id, startedAtMs, result, loopLateMs }: WorkerReply): void {
  const waiting = thread.waiting.get(id)
  if (waiting === undefined) return
  thread.waiting.delete(id)
  const isTimeout = result.kind === 'failed' && result.code.endsWith('_timeout')
  const doubtful = isTimeout && loopLateMs > overloadedLateMs
  waiting.settle({
    startedAtMs,
    endedAtMs: startedAtMs + result.phases.totalMs,
    result: doubtful
      ? { kind: 'unable', code: 'node_overloaded', values: {}, phases: result.phases }
      : result,
  })
}

/** A thread that died takes its checks with it: they say nothing of their targets. */
function abandon({ waiting }: Thread): void {
  for (const { sentAtMs, settle: finish } of waiting.values()) {
    const totalMs = Date.now() - sentAtMs
    const phases = { dnsMs: null, connectMs: null, tlsMs: null, ttfbMs: null, downloadMs: null, totalMs }
    const result: ProbeResult = { kind: 'unable', code: 'node_overloaded', values: {}, phases }
    finish({ startedAtMs: sentAtMs, endedAtMs: sentAtMs + totalMs, result })
  }
  waiting.clear()
}
