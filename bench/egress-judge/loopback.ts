import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import {
  createEgress,
  type Egress,
  egressDefaults,
  type EgressPolicy,
  parseEgressAllowance,
} from '@gatehouse/kernel/egress'
import type { LoopbackPorts, LoopbackShape } from './serve-loopback.ts'

const policy: EgressPolicy = { ...egressDefaults, userAgent: 'bench', schemes: ['http', 'tcp'] }

/** A target and a name server in a thread of their own, and an egress that uses them. */
export type Loopback = {
  readonly targetPort: number
  /** Opens a connection to the name and ends it. */
  readonly connect: (hostname: string) => Promise<void>
  /** Looks at the name as a check does: one request over a connection of its own. */
  readonly check: (hostname: string) => Promise<void>
  readonly stop: () => Promise<void>
}

export async function startLoopback(shape: LoopbackShape): Promise<Loopback> {
  const worker = new Worker(new URL('./serve-loopback.ts', import.meta.url), { workerData: shape })
  // Safe: it is the one message that the thread sends.
  const [{ targetPort, dnsPort }] = (await once(worker, 'message')) as [LoopbackPorts]
  const egress: Egress = createEgress({
    allow: parseEgressAllowance(`127.0.0.1:${targetPort}`),
    dnsServers: [{ address: '127.0.0.1', port: dnsPort }],
  })
  return {
    targetPort,
    connect: async (hostname) => {
      const target = { scheme: 'tcp', hostname, port: targetPort } as const
      const { socket } = await egress.openConnection({ target, policy })
      socket.resetAndDestroy()
    },
    check: async (hostname) => {
      await egress.request({ url: `http://${hostname}:${targetPort}/`, policy })
    },
    stop: async () => {
      egress.close()
      await worker.terminate()
    },
  }
}
