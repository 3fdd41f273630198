import { parentPort, workerData } from 'node:worker_threads'
import { createEgress, type NameServer, parseEgressAllowance } from '@gatehouse/kernel/egress'
import type { CheckTask } from './check-task.ts'
import { type Probed, probe } from './probe.ts'
import { steadyMs } from './steady-ms.ts'

export type WorkerData = {
  readonly egressAllow: string
  readonly dnsServers: readonly NameServer[]
  readonly trustedCertificates: readonly string[]
  /** This thread's share of the concurrent DNS queries. */
  readonly dnsQueriesMax: number
}
export type WorkerRequest = {
  readonly id: number
  readonly check: CheckTask
  /** Additional destinations of the check's organisation, as text. */
  readonly beyond: string
}
export type WorkerReply = {
  readonly id: number
  /** Time on the monotonic clock that all threads share. */
  readonly startedMs: number
  readonly probed: Probed
  /** How late this thread's event loop was at the end of the check, in milliseconds. */
  readonly loopLateMs: number
}

const lateEveryMs = 50
let loopLateMs = 0
let expectedMs = performance.now() + lateEveryMs
setInterval(() => {
  loopLateMs = Math.max(0, performance.now() - expectedMs)
  expectedMs = performance.now() + lateEveryMs
}, lateEveryMs).unref()

// Safe: only the check pool starts this file, with this data.
const { egressAllow, ...options } = workerData as WorkerData
const egress = createEgress({ allow: parseEgressAllowance(egressAllow), ...options })

parentPort?.on('message', (request: WorkerRequest) => void answer(request))

async function answer({ id, check, beyond }: WorkerRequest): Promise<void> {
  const startedMs = steadyMs()
  const probed = await probe(egress.forOrg(check.orgId, parseEgressAllowance(beyond)), check)
  const reply: WorkerReply = { id, startedMs, probed, loopLateMs }
  parentPort?.postMessage(reply)
}
