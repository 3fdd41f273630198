import { connect } from 'node:net'
import type { Exchange } from './ask-by-udp.ts'

/** Room for nearly a thousand addresses; a longer reply is refused. */
const replyBytesMax = 16_384

/**
 * Asks over TCP, for a reply that does not fit a datagram: one connection, one query, each message preceded by its
 * length (RFC 1035 §4.2.2).
 */
export async function askByTcp<T>({ server, query, read, signal }: Exchange<T>): Promise<T> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const socket = connect({ host: server.address, port: server.port, noDelay: true })
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort)
  // The listeners stay: an error of the socket after the reply must not end the process.
  socket.on('error', reject)
  socket.once('close', () => reject(new BrokenReplyError('ended')))
  socket.once('connect', () => socket.write(Buffer.concat([toPrefix(query.length), query])))
  let received = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk])
    if (received.length < prefixBytes) return
    const length = received.readUInt16BE(0)
    if (length > replyBytesMax) return reject(new BrokenReplyError('oversized'))
    if (received.length < prefixBytes + length) return
    const reply = read(received.subarray(prefixBytes, prefixBytes + length))
    if (reply === undefined) reject(new BrokenReplyError('ended'))
    else resolve(reply)
  })
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', abort)
    socket.destroy()
  }
}

/** The stream ended early, answered something else, or the reply was too long. */
export class BrokenReplyError extends Error {
  override readonly name = 'BrokenReplyError'
  readonly reason: 'ended' | 'oversized'

  constructor(reason: 'ended' | 'oversized') {
    super(reason)
    this.reason = reason
  }
}

const prefixBytes = 2

function toPrefix(length: number): Buffer {
  const prefix = Buffer.alloc(prefixBytes)
  prefix.writeUInt16BE(length)
  return prefix
}
