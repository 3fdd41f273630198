import { once } from 'node:events'
import { createServer } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { record, soa, startLocalDns } from '../../packages/kernel/src/testing/index.ts'

export type LoopbackShape = { readonly answerAfterMs: number }
export type LoopbackPorts = { readonly targetPort: number; readonly dnsPort: number }

// Safe: only `startLoopback` starts this file, with this data.
const { answerAfterMs } = workerData as LoopbackShape

const answer = 'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'
const target = createServer((socket) => {
  socket.on('error', () => undefined)
  socket.once('data', () => socket.end(answer))
}).listen(0, '127.0.0.1')
await once(target, 'listening')
const address = target.address()
if (address === null || typeof address === 'string') throw new Error('The target has no port')

/** Every name is this machine, for five minutes. */
const dns = await startLocalDns(async ({ hostname, type }) => {
  if (answerAfterMs > 0) await new Promise((resolve) => setTimeout(resolve, answerAfterMs))
  return type === 'A' ? [{ answers: [record(hostname, '127.0.0.1', 300)] }] : [{ authorities: [soa(300)] }]
})
const ports: LoopbackPorts = { targetPort: address.port, dnsPort: dns.port }
parentPort?.postMessage(ports)
