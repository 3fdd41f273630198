import type { IncomingMessage, Server } from 'node:http'

const timers = new WeakMap<IncomingMessage, NodeJS.Timeout>()

/** The error that Node.js reports for a request that took too long to arrive. */
class RequestTimeout extends Error {
  readonly code = 'ERR_HTTP_REQUEST_TIMEOUT'
}

/**
 * Disconnects clients that send their body too slowly (H7). Node.js has only one such timeout for all requests of a
 * server, and some bodies have no size limit.
 */
export function cutSlowBodies(server: Server, withinMs: number): void {
  server.on('request', (request: IncomingMessage) => {
    const { headers } = request
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return
    const timer = setTimeout(() => {
      if (!request.complete) server.emit('clientError', new RequestTimeout(), request.socket)
    }, withinMs)
    timers.set(request, timer)
    for (const event of ['end', 'close']) request.once(event, () => clearTimeout(timer))
  })
}

/** Lifts the timeout of a request's body; its reader has a timeout of its own for each chunk. */
export function takesLong(request: IncomingMessage): void {
  clearTimeout(timers.get(request))
}
