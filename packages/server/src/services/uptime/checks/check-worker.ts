import { parentPort, workerData } from 'node:worker_threads'
import { createEgress, type NameServer, parseEgressAllowance } from '@gatehouse/kernel/egress'
import type { ProbeResult } from '../domain/assess.ts'
import type { CheckTask } from './check-task.ts'
import { probe } from './probe.ts'

export type WorkerData = {
  readonly egressAllow: string
  readonly dnsServers: readonly NameServer[]
  readonly trustedCertificates: readonly string[]
}
export type WorkerRequest = { readonly id: number; readonly task: CheckTask }
export type WorkerReply = {
  readonly id: number
  readonly startedAtMs: number
  readonly result: ProbeResult
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
const { egressAllow, dnsServers, trustedCertificates } = workerData as WorkerData
const egress = createEgress({ allow: parseEgressAllowance(egressAllow), dnsServers, trustedCertificates })

parentPort?.on('message', (request: WorkerRequest) => void answer(request))

async function answer({ id, task }: WorkerRequest): Promise<void> {
  const startedAtMs = Date.now()
  const result = await probe(egress, task)
  const reply: WorkerReply = { id, startedAtMs, result, loopLateMs }
  parentPort?.postMessage(reply)
}
