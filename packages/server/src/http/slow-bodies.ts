import type { IncomingMessage, Server } from 'node:http'

const timers = new WeakMap<IncomingMessage, NodeJS.Timeout>()

/** What Node.js says of a request that did not come in time. */
class RequestTimeout extends Error {
  readonly code = 'ERR_HTTP_REQUEST_TIMEOUT'
}

/**
 * Cuts clients that send their body too slowly (H7). Node.js has one such time for all requests of a server, and some
 * bodies are of any length.
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

/** Lets the body of a request come for as long as it takes; whoever reads it waits for each part of it. */
export function takesLong(request: IncomingMessage): void {
  clearTimeout(timers.get(request))
}
