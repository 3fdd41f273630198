import {
  type ClientRequest,
  request as startHttp,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http'
import type { Attempt } from './attempt.ts'
import { EgressError } from './egress-error.ts'
import { type AnswerPart, toHttpFault } from './http-fault.ts'
import type { EgressPolicy } from './egress-policy.ts'
import { assertHeaders } from './judge-header.ts'
import type { Target } from './judge-target.ts'
import { toErrorCode, toNetworkFailure } from './network-failure.ts'
import { admit, connectTo, startRequest, type EgressDeps } from './open-connection.ts'
import type { Phases } from './phases.ts'
import { acceptedEncodings, readBody, RefusedCodingError } from './read-body.ts'
import { isTlsFault, toTlsFailure } from './secure.ts'
import { watchWire } from './watch-wire.ts'

export type ReadBody =
  | 'none'
  | {
      /** Counted after decompression; the policy's cap applies as well. */
      readonly bytesMax: number
      /** Whether a body over the cap is cut and marked, or fails as `body_too_large`. Default `truncate`. */
      readonly whenOver?: 'truncate' | 'refuse'
    }

export type EgressRequest = {
  readonly url: string
  readonly policy: EgressPolicy
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** What to read of the body. Default `none`: the connection is cut after the headers. */
  readonly readBody?: ReadBody
  /** The deadline of the whole request, look-up included; at most the policy's total, which is the default. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Bypasses cached DNS answers. Default false. */
  readonly fresh?: boolean
  /** Whether the certificate must be valid. Default true. */
  readonly verifyCertificate?: boolean
  /** The local address to dial from. Default: the one that the route implies. */
  readonly from?: string
}

export type EgressResponse = {
  readonly status: number
  readonly statusText: string
  readonly headers: IncomingHttpHeaders
  /** Undefined when no body was asked for. */
  readonly body: Buffer | undefined
  readonly truncated: boolean
  readonly remoteAddress: string
  readonly phases: Phases
}

/**
 * Makes one HTTP/1.1 request over a connection of its own. A redirect is returned like any other answer and never
 * followed. Throws an EgressError when no complete answer came.
 */
export async function requestOnce(deps: EgressDeps, request: EgressRequest): Promise<EgressResponse> {
  assertHeaders(request.headers ?? {})
  const attempt = startRequest(deps, request)
  try {
    const target = admit(deps, attempt, request.url, request.policy)
    return await exchange(deps, attempt, target, request)
  } finally {
    attempt.release()
  }
}

async function exchange(
  deps: EgressDeps,
  attempt: Attempt,
  target: Target,
  request: EgressRequest,
): Promise<EgressResponse> {
  const { policy, fresh = false, verifyCertificate = true, from } = request
  const tls = { verifyCertificate, alpnProtocols: ['http/1.1'] }
  const { socket, wire, remoteAddress } = await connectTo(deps, attempt, target, {
    policy,
    fresh,
    tls,
    from,
  })
  const cut = (): void => void socket.destroy()
  const wireBytesBefore = wire.bytesRead
  // True for a stream of TLS records that hold little or nothing of an answer.
  const isOver = (bytesRead: number): boolean =>
    bytesRead - wireBytesBefore > policy.handshakeBytesMax + recordsPerByteMax * socket.bytesRead
  const overflow = (): void =>
    void socket.destroy(
      attempt.failure('tls_protocol', { remoteAddress, reason: 'EMPTY_RECORDS', tlsFault: 'endless' }),
    )
  const unwatch = wire === socket ? undefined : watchWire(wire, isOver, overflow)
  attempt.signal.addEventListener('abort', cut)
  let hasHead = false
  try {
    if (attempt.signal.aborted) throw attempt.interruption('response_timeout', { remoteAddress })
    const response = await send(attempt, socket, target, request)
    hasHead = true
    const { body, truncated } = await receive(attempt, response, request)
    return {
      // Safe: a response, unlike a request, always has a status line.
      status: response.statusCode as number,
      statusText: response.statusMessage ?? '',
      headers: response.headers,
      body,
      truncated,
      remoteAddress,
      phases: attempt.phases(),
    }
  } catch (error) {
    const part = hasHead ? 'body' : attempt.phases().ttfbMs === null ? 'nothing' : 'head'
    throw toExchangeFailure(attempt, remoteAddress, error, part)
  } finally {
    unwatch?.()
    attempt.signal.removeEventListener('abort', cut)
    socket.destroy()
  }
}

/** A TLS record with one byte of content takes some thirty bytes on the wire. */
const recordsPerByteMax = 64

type OpenSocket = Awaited<ReturnType<typeof connectTo>>['socket']

function send(
  attempt: Attempt,
  socket: OpenSocket,
  target: Target,
  request: EgressRequest,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  attempt.begin()
  const outgoing = startHttp({
    // Without an agent, node:http uses this socket only: no pool, and no proxy from the environment.
    createConnection: () => socket,
    method: request.method ?? 'GET',
    path: target.path,
    headers: toHeaderList(target, request),
    setHost: false,
    maxHeaderSize: request.policy.headerBytesMax,
    insecureHTTPParser: false,
  })
  outgoing.once('socket', () => socket.once('data', () => attempt.finish('ttfbMs')))
  limitPreamble(outgoing, socket, request.policy, (code, reason) => {
    // Rejected immediately: the final answer may be in the very bytes that are being parsed.
    const httpFault = code === 'invalid_http' ? ({ httpFault: 'interim_answers' } as const) : {}
    reject(attempt.failure(code, { reason, ...httpFault }))
    outgoing.destroy()
  })
  outgoing.once('response', (response) => {
    // A parser error in the middle of a body is reported to the request only, so it is passed on to the reader of the
    // body first.
    outgoing.once('error', (error) => response.destroy(error))
    resolve(response)
  })
  outgoing.once('upgrade', () => {
    const { remoteAddress } = socket
    reject(attempt.failure('invalid_http', { remoteAddress, httpFault: 'upgrade' }))
  })
  outgoing.on('error', reject)
  outgoing.end(request.body)
  return promise
}

/**
 * Bounds what precedes the answer: HTTP allows a server any number of 1xx answers and blank lines, and parsing them
 * costs more than sending them.
 */
export function limitPreamble(
  outgoing: ClientRequest,
  socket: OpenSocket,
  { interimAnswersMax, interimBytesMax, headerBytesMax }: EgressPolicy,
  refuse: (code: 'invalid_http' | 'headers_too_large', reason: string) => void,
): void {
  // The margin above both limits is for body bytes that arrive in the same read as the headers.
  const preambleBytesMax = interimBytesMax + headerBytesMax + 65_536
  let answers = 0
  let bytes = 0
  let preambleBytes = 0
  const count = (chunk: Buffer): void => {
    preambleBytes += chunk.length
    if (preambleBytes > preambleBytesMax) refuse('headers_too_large', 'PREAMBLE_TOO_LARGE')
  }
  // The parser was attached before, so it reports the answer before this listener counts the bytes.
  outgoing.once('socket', () => socket.on('data', count))
  outgoing.once('response', () => socket.off('data', count))
  outgoing.once('upgrade', () => socket.off('data', count))
  outgoing.on('information', ({ statusMessage, rawHeaders }) => {
    answers += 1
    // Each line also has two or four characters of separators.
    bytes += rawHeaders.reduce((sum, text) => sum + text.length + 2, statusMessage.length + 17)
    if (answers > interimAnswersMax) refuse('invalid_http', 'TOO_MANY_INTERIM_ANSWERS')
    else if (bytes > interimBytesMax) refuse('headers_too_large', 'INTERIM_ANSWERS_TOO_LARGE')
  })
}

/** Names and values alternately, a form that node:http writes unchanged. */
function toHeaderList(
  target: Target,
  { policy, method = 'GET', headers = {}, body }: EgressRequest,
): string[] {
  const given = Object.entries(headers)
  const names = new Set(given.map(([name]) => name.toLowerCase()))
  const list = ['Host', toHostHeader(target), 'User-Agent', policy.userAgent, 'Connection', 'close']
  if (!names.has('accept')) list.push('Accept', '*/*')
  if (!names.has('accept-encoding')) list.push('Accept-Encoding', acceptedEncodings)
  if (body !== undefined) list.push('Content-Length', String(Buffer.byteLength(body)))
  else if (method === 'POST' || method === 'PUT' || method === 'PATCH') list.push('Content-Length', '0')
  return list.concat(given.flat())
}

function toHostHeader({ hostname, scheme, port }: Target): string {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname
  return port === (scheme === 'https' ? 443 : 80) ? host : `${host}:${port}`
}

async function receive(
  attempt: Attempt,
  response: IncomingMessage,
  { readBody: wanted = 'none', policy }: EgressRequest,
): Promise<{ readonly body: Buffer | undefined; readonly truncated: boolean }> {
  if (wanted === 'none') {
    // Cutting the connection makes the unread answer fail, which is expected here.
    response.on('error', () => undefined)
    return { body: undefined, truncated: false }
  }
  const read = await readBody(response, Math.min(wanted.bytesMax, policy.bodyBytesMax))
  if (read.truncated && wanted.whenOver === 'refuse') throw attempt.failure('body_too_large')
  attempt.finish('downloadMs')
  return read
}

function toExchangeFailure(
  attempt: Attempt,
  remoteAddress: string,
  error: unknown,
  part: AnswerPart,
): unknown {
  if (attempt.signal.aborted) return attempt.interruption('response_timeout', { remoteAddress })
  if (error instanceof EgressError) return error
  if (error instanceof RefusedCodingError) {
    const { httpFault, coding } = error
    return attempt.failure('invalid_http', { remoteAddress, httpFault, coding })
  }
  const code = toErrorCode(error)
  // The parser's error contains the bytes it failed on, so only its code is passed on.
  if (code === 'HPE_HEADER_OVERFLOW') return attempt.failure('headers_too_large', { remoteAddress })
  const httpFault = toHttpFault(error, part)
  if (httpFault !== undefined)
    return attempt.failure('invalid_http', { remoteAddress, reason: code, httpFault })
  if (isTlsFault(code)) return toTlsFailure(attempt, remoteAddress, error)
  const network = toNetworkFailure(error)
  if (network === 'connect_timeout')
    return attempt.failure('response_timeout', { remoteAddress, cause: error })
  return network === undefined ? error : attempt.failure(network, { remoteAddress, cause: error })
}
