import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { serveMeasured } from '../served-process.ts'

const { BENCH_FRAME: frame = '' } = process.env

/** Says the same bytes to everybody that is there, whenever it is asked to settle; its answer is when it began. */
await serveMeasured(async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false, backlog: 5_000 })
  await once(server, 'listening')
  const bytes = Buffer.from(frame)
  return {
    // Safe: it listens on a port.
    port: (server.address() as AddressInfo).port,
    headers: {},
    settle: async () => {
      const beganMs = Number(process.hrtime.bigint()) / 1e6
      for (const client of server.clients) client.send(bytes, { binary: false })
      return beganMs
    },
    stop: async () => {
      for (const client of server.clients) client.terminate()
      server.close()
    },
  }
})
