import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { NameServer } from './name-servers.ts'

/** `read` returns undefined for a message that does not answer the query. */
export type Exchange<T> = {
  readonly server: NameServer
  readonly query: Buffer
  readonly read: (message: Buffer) => T | undefined
  readonly signal: AbortSignal
}

/**
 * Sends the query and waits for the reply until the signal aborts. Messages that do not answer the query are ignored,
 * so that a forged datagram cannot end the wait. Each query has a connected socket of its own: the kernel picks an
 * unpredictable port and drops datagrams from any other address (RFC 5452 §9.2). Rejects with the signal's reason or
 * the socket's error.
 */
export async function askByUdp<T>({ server, query, read, signal }: Exchange<T>): Promise<T> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const socket = createSocket(isIPv6(server.address.replace(/%.*$/, '')) ? 'udp6' : 'udp4')
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort)
  socket.on('error', reject)
  socket.on('message', (message) => {
    const reply = read(message)
    if (reply !== undefined) resolve(reply)
  })
  socket.connect(server.port, server.address, () => socket.send(query))
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', abort)
    socket.close()
  }
}
