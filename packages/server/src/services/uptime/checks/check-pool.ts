import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Clock } from '@gatehouse/kernel/clock'
import { type Looked, unableToLook } from '../domain/assess.ts'
import type { OwnFault } from '../monitor-types/own-faults.ts'
import { uptimePolicy } from '../policy.ts'
import type { CheckTask } from './check-task.ts'
import type { WorkerData, WorkerReply, WorkerRequest } from './check-worker.ts'
import { steadyMs } from './steady-ms.ts'

export type CheckRun = {
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly looked: Looked
  /** One of our own, for the log. */
  readonly error?: unknown
}

export type CheckPool = {
  /** Runs a check on the least busy thread; it always comes to a result. */
  readonly run: (check: CheckTask) => Promise<CheckRun>
  readonly stop: () => Promise<void>
}

type PoolDeps = Pick<Clock, 'now'> & {
  /** What one org may reach besides. Default: nothing. */
  readonly egressAllowOf?: (orgId: string) => string
}

type Waiting = { readonly sentMs: number; readonly settle: (run: CheckRun) => void }

type Thread = {
  /** Undefined until it is needed, and after it died. */
  worker: Worker | undefined
  readonly waiting: Map<number, Waiting>
}

const workerFile = new URL('./check-worker.ts', import.meta.url)

/** Threads that do nothing but look at targets; the database stays in the main one. */
export function createCheckPool(
  { now, egressAllowOf = () => '' }: PoolDeps,
  data: Omit<WorkerData, 'dnsQueriesMax'>,
  threads = Math.max(1, availableParallelism() - 1),
  file = workerFile,
): CheckPool {
  const dnsQueriesMax = Math.max(1, Math.floor(uptimePolicy.dnsQueriesMax / threads))
  let nextId = 0
  const pool = Array.from({ length: threads }, (): Thread => ({ worker: undefined, waiting: new Map() }))

  const toInstant = (ms: number): number => Math.round(now() - (steadyMs() - ms))

  /** A thread starts with its first check. One that died starts with the next, so one that cannot live does not spin. */
  const workerOf = (thread: Thread): Worker => {
    if (thread.worker !== undefined) return thread.worker
    const worker = new Worker(file, { workerData: { ...data, dnsQueriesMax } satisfies WorkerData })
    let cause: unknown
    worker.on('message', (reply: WorkerReply) => settle(thread, reply, toInstant(reply.startedMs)))
    worker.on('error', (error: unknown) => {
      cause = error
    })
    worker.on('exit', (status) => {
      thread.worker = undefined
      abandon(thread, toInstant, cause ?? new Error(`A thread that checks ended with status ${status}`))
    })
    thread.worker = worker
    return worker
  }

  return {
    run: (check) =>
      new Promise((resolve) => {
        const thread = pool.reduce((least, other) =>
          other.waiting.size < least.waiting.size ? other : least,
        )
        const id = (nextId += 1)
        const worker = workerOf(thread)
        thread.waiting.set(id, { sentMs: steadyMs(), settle: resolve })
        worker.postMessage({ id, check, beyond: egressAllowOf(check.orgId) } satisfies WorkerRequest)
      }),
    stop: async () => {
      await Promise.all(pool.flatMap(({ worker }) => worker?.terminate() ?? []))
    },
  }
}

function settle(thread: Thread, { id, probed, loopLateMs }: WorkerReply, startedAtMs: number): void {
  const waiting = thread.waiting.get(id)
  if (waiting === undefined) return
  thread.waiting.delete(id)
  const { looked, error } = probed
  const { phases } = looked
  // Beyond this lateness of the thread's event loop, a time-out says more about us than about the target.
  const isDoubtful = looked.code?.endsWith('_timeout') === true && loopLateMs > uptimePolicy.nodeOverloadedMs
  waiting.settle({
    startedAtMs,
    endedAtMs: startedAtMs + phases.totalMs,
    looked: isDoubtful ? unableToLook({ code: 'node_overloaded', values: {} }, phases) : looked,
    ...(error === undefined ? {} : { error }),
  })
}

/** A thread that died takes its checks with it: they say nothing of their targets. */
function abandon({ waiting }: Thread, toInstant: (ms: number) => number, error: unknown): void {
  const fault: OwnFault = { code: 'internal_error', values: {} }
  for (const { sentMs, settle: finish } of waiting.values()) {
    const totalMs = Math.round(steadyMs() - sentMs)
    const startedAtMs = toInstant(sentMs)
    const looked = unableToLook(fault, { totalMs })
    finish({ startedAtMs, endedAtMs: startedAtMs + totalMs, looked, error })
  }
  waiting.clear()
}
