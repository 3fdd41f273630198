import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export type Connections = {
  /**
   * Ends idle connections immediately, the others after their answer, and those that are left after `withinMs` (H8).
   */
  readonly end: (withinMs: number) => void
}

/** Tracks what each connection is waiting for: Node treats one that has never sent anything as busy. */
export function trackConnections(server: Server): Connections {
  // Pipelined requests are answered in order, so only the last one matters.
  const latest = new Map<Socket, ServerResponse | undefined>()
  const secure = new Set<Socket>()
  const track = (socket: Socket): void => {
    latest.set(socket, undefined)
    socket.once('close', () => {
      latest.delete(socket)
      secure.delete(socket)
    })
  }
  server.on('connection', track)
  server.on('secureConnection', (socket: Socket) => {
    secure.add(socket)
    track(socket)
  })
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) =>
    latest.set(socket, response),
  )
  return {
    end: (withinMs) => {
      const secured = new Set([...secure].map(toPeer))
      for (const [socket, response] of latest) {
        // The socket below a TLS connection ends with that connection.
        if (!secure.has(socket) && secured.has(toPeer(socket))) continue
        if (response === undefined || response.closed) {
          socket.destroy()
          continue
        }
        if (!response.headersSent) response.setHeader('connection', 'close')
        response.once('close', () => socket.destroySoon())
      }
      const timer = setTimeout(() => {
        for (const socket of latest.keys()) socket.destroy()
      }, withinMs)
      server.once('close', () => clearTimeout(timer))
    },
  }
}

function toPeer({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
