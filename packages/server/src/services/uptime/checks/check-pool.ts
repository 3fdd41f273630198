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
  /** An internal error, for the log. */
  readonly error?: unknown
}

export type CheckPool = {
  /** Runs a check on the least busy thread. It always resolves to a result and never rejects. */
  readonly run: (check: CheckTask) => Promise<CheckRun>
  readonly stop: () => Promise<void>
}

type PoolDeps = Pick<Clock, 'now'> & {
  /** Additional destinations that one organisation may reach. Default: none. */
  readonly egressAllowOf?: (orgId: string) => string
}

type Waiting = { readonly sentMs: number; readonly settle: (run: CheckRun) => void }

type Thread = {
  /** Undefined until it is first needed, and after it died. */
  worker: Worker | undefined
  readonly waiting: Map<number, Waiting>
}

const workerFile = new URL('./check-worker.ts', import.meta.url)

/** A pool of worker threads that run checks. Only the main thread uses the database. */
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

  /**
   * A thread starts with its first check. A thread that died is restarted with the next check, so that a crash loop
   * is paced by checks.
   */
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
  // If the thread's event loop was later than this, a time-out is more likely our fault than the target's.
  const isDoubtful = looked.code?.endsWith('_timeout') === true && loopLateMs > uptimePolicy.nodeOverloadedMs
  waiting.settle({
    startedAtMs,
    endedAtMs: startedAtMs + phases.totalMs,
    looked: isDoubtful ? unableToLook({ code: 'node_overloaded', values: {} }, phases) : looked,
    ...(error === undefined ? {} : { error }),
  })
}

/** The checks of a thread that died get the outcome unknown, because they say nothing about their targets. */
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
