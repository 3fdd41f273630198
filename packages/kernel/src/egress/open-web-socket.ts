import { WebSocket } from 'ws'
import type { Attempt } from './attempt.ts'
import { EgressError } from './egress-error.ts'
import type { EgressPolicy } from './egress-policy.ts'
import { toErrorCode, toNetworkFailure } from './network-failure.ts'
import { admit, connectTo, startRequest, type EgressDeps } from './open-connection.ts'
import { limitPreamble } from './request-once.ts'
import { isTlsFault, toTlsFailure } from './secure.ts'

export type WebSocketRequest = {
  /** A URL with the scheme ws or wss. */
  readonly url: string
  readonly policy: EgressPolicy
  /** The timeout of opening, both handshakes included; at most the policy's total, which is the default. */
  readonly timeoutMs?: number
  /** Aborts opening; an open connection belongs to its caller. */
  readonly signal?: AbortSignal
  /** A longer message ends the connection with code 1009. */
  readonly messageBytesMax: number
  /** Called for each text message. A binary message ends the connection with code 1003. */
  readonly onMessage: (text: string) => void
  /** Called when a ping arrived; its pong is sent automatically. */
  readonly onPing?: () => void
  /**
   * Called once when an open connection ends, whichever side ended it, with the code of RFC 6455 §7.4; 1006 where none
   * was sent.
   */
  readonly onClose: (code: number) => void
}

export type WebSocketConnection = {
  /** Does nothing once the connection has ended. */
  readonly send: (text: string) => void
  /** Cuts the connection without a closing handshake: a peer that is silent would not answer one. */
  readonly end: () => void
  readonly remoteAddress: string
}

/**
 * Opens a WebSocket over a connection that was judged like any other. Redirects are not followed and compression is not
 * offered. Throws an EgressError when the server does not accept the upgrade: `reason` is then `STATUS_` and the status
 * of its answer.
 */
export async function openWebSocket(
  deps: EgressDeps,
  request: WebSocketRequest,
): Promise<WebSocketConnection> {
  const attempt = startRequest(deps, request)
  try {
    const { policy } = request
    const target = admit(deps, attempt, request.url.replace(/^ws(?=s?:)/, 'http'), policy)
    const tls = { alpnProtocols: ['http/1.1'] }
    const { socket, remoteAddress } = await connectTo(deps, attempt, target, { policy, fresh: false, tls })
    return await upgrade(attempt, socket, remoteAddress, request)
  } finally {
    attempt.release()
  }
}

type OpenSocket = Awaited<ReturnType<typeof connectTo>>['socket']

function upgrade(
  attempt: Attempt,
  socket: OpenSocket,
  remoteAddress: string,
  { url, policy, messageBytesMax, onMessage, onPing, onClose }: WebSocketRequest,
): Promise<WebSocketConnection> {
  const { promise, resolve, reject } = Promise.withResolvers<WebSocketConnection>()
  let isOpen = false
  const fail = (error: unknown): void => {
    socket.destroy()
    reject(toOpeningFailure(attempt, remoteAddress, error))
  }
  const connection = new WebSocket(url, {
    createConnection: () => socket,
    maxPayload: messageBytesMax,
    perMessageDeflate: false,
    followRedirects: false,
    headers: { 'User-Agent': policy.userAgent },
    maxHeaderSize: policy.headerBytesMax,
    insecureHTTPParser: false,
    finishRequest: (outgoing) => {
      limitPreamble(outgoing, socket, policy, (code, reason) => fail(attempt.failure(code, { reason })))
      outgoing.end()
    },
  })
  const giveUp = (): void => fail(attempt.interruption('response_timeout', { remoteAddress }))
  attempt.signal.addEventListener('abort', giveUp)
  connection.on('unexpected-response', (_request, response) => {
    const reason = `STATUS_${String(response.statusCode)}`
    fail(attempt.failure('invalid_http', { remoteAddress, httpFault: 'other', reason }))
  })
  // The listener stays: an error of an open connection is reported by its end.
  connection.on('error', (error) => {
    if (!isOpen) fail(error)
  })
  connection.on('message', (data, isBinary) => {
    if (isBinary) connection.close(1003)
    // Safe: with the default binaryType, a message is one Buffer.
    else onMessage((data as Buffer).toString('utf8'))
  })
  connection.on('ping', () => onPing?.())
  connection.on('close', (code) => {
    if (isOpen) onClose(code)
  })
  connection.on('open', () => {
    isOpen = true
    attempt.signal.removeEventListener('abort', giveUp)
    resolve({
      send: (text) => {
        if (connection.readyState === WebSocket.OPEN) connection.send(text)
      },
      end: () => connection.terminate(),
      remoteAddress,
    })
  })
  if (attempt.signal.aborted) giveUp()
  return promise
}

function toOpeningFailure(attempt: Attempt, remoteAddress: string, error: unknown): unknown {
  if (error instanceof EgressError || attempt.signal.aborted) return error
  const code = toErrorCode(error)
  if (isTlsFault(code)) return toTlsFailure(attempt, remoteAddress, error)
  const network = toNetworkFailure(error)
  if (network !== undefined) return attempt.failure(network, { remoteAddress, cause: error })
  // The remaining case is an answer that is no handshake. The error may contain bytes of it, so only its code is passed
  // on.
  return attempt.failure('invalid_http', { remoteAddress, httpFault: 'other', reason: code })
}
