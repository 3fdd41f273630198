import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Timeline } from '@gatehouse/kernel/clock'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Faults } from './faults.ts'

export type SimulatedReply = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

export type SimulatedRequest = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly address: string
}

/** The behaviour of a venue, independent of its listener. */
export type VenueRules = {
  readonly answer: (request: SimulatedRequest) => SimulatedReply
  /** Refuses a handshake with a reply; undefined accepts it. */
  readonly admit?: (request: SimulatedRequest) => SimulatedReply | undefined
  readonly open?: (socket: WebSocket, request: SimulatedRequest) => void
}

export type Listener = {
  readonly port: () => number
  /** Resets open connections without a close frame. */
  readonly reset: () => void
  readonly close: () => Promise<void>
  /** The number of requests whose answer is held back. */
  readonly waiting: () => number
  readonly openSockets: () => number
  readonly nowMs: () => number
}

export type ListenerOptions = { readonly timeline: Timeline; readonly faults: Faults }

const restFaults = { rest_500: 500, rest_503: 503 } as const

/** One venue on a loopback port of its own: plain HTTP and WebSockets, with network faults. */
export async function listen(rules: VenueRules, { timeline, faults }: ListenerOptions): Promise<Listener> {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 1_048_576 })
  const streams = new Set<Socket>()
  let waiting = 0
  const isDown = (): boolean => faults.find(['down', 'refused'], timeline.now()) !== undefined

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { status, headers = {}, body } = toFault(timeline.now()) ?? rules.answer(toRequest(request))
    const send = (): void => {
      const bytes = Buffer.from(body)
      response.writeHead(status, {
        'Content-Type': 'application/json',
        'Content-Length': bytes.length,
        ...headers,
      })
      response.end(bytes)
    }
    const slow = faults.find(['slow_rest'], timeline.now())
    if (slow === undefined) send()
    else {
      waiting += 1
      const done = (): void => {
        waiting -= 1
        cancel()
        response.off('close', done)
      }
      const cancel = timeline.after(slow.byMs ?? 15_000, () => {
        done()
        send()
      })
      response.on('close', done)
    }
  }
  const toFault = (nowMs: number): SimulatedReply | undefined => {
    const fault = faults.find(['rest_500', 'rest_503'], nowMs)
    if (fault === undefined) return undefined
    const status = fault.kind === 'rest_500' ? restFaults.rest_500 : restFaults.rest_503
    return { status, headers: { 'Content-Type': 'text/html' }, body: '<html>Internal error</html>' }
  }

  const server = createServer(answer)
  server.on('connection', (socket: Socket) => {
    streams.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => streams.delete(socket))
    if (isDown()) socket.resetAndDestroy()
  })
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const asked = toRequest(request)
    const refusal = rules.open === undefined ? { status: 404, body: '' } : rules.admit?.(asked)
    if (refusal !== undefined) {
      const { status, headers = {}, body } = refusal
      const lines = Object.entries({ ...headers, 'Content-Length': String(Buffer.byteLength(body)) })
      const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n${text}\r\n${body}`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.on('error', () => undefined)
      rules.open?.(opened, asked)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  // Safe: a server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo
  const reset = (): void => {
    for (const socket of streams) socket.resetAndDestroy()
  }
  return {
    port: () => port,
    reset,
    waiting: () => waiting,
    openSockets: () => sockets.clients.size,
    nowMs: () => timeline.now() + (faults.find(['clock_skew'], timeline.now())?.byMs ?? 0),
    close: async () => {
      reset()
      sockets.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

function toRequest({ url = '/', method = 'GET', socket }: IncomingMessage): SimulatedRequest {
  const { pathname, searchParams } = new URL(url, 'http://simulator')
  return { method, path: pathname, query: searchParams, address: socket.remoteAddress ?? '' }
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): SimulatedReply {
  return { status, headers, body: JSON.stringify(value) }
}
