import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  type BoundEndpoint,
  type LaterProof,
  type RequestContext,
  type SocketConnection,
  SocketReply,
  socketCloses,
  type SocketTerms,
} from '@gatehouse/kernel/endpoint'
import { newRequestId } from '@gatehouse/kernel/ids'
import { type Admitted, ipKey } from '@gatehouse/kernel/limits'
import { toErrorFields } from '@gatehouse/kernel/log'
import { isScopeGranted, type KeyPrincipal } from '@gatehouse/kernel/principal'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import type { ServedService } from '../service/define-service.ts'
import { holdUntil } from '../service/hold-until.ts'
import type { Answer } from './answer.ts'
import { assertHost } from './assert-host.ts'
import { authenticate, type Caller, readCredential } from './authenticate.ts'
import { limitOf } from './call-limits.ts'
import { clientAddress } from './client-address.ts'
import { cutCredentials, refuseCredentialInUrl } from './credentials-in-urls.ts'
import { asksForSocket, judgeHandshake } from './judge-handshake.ts'
import type { OpenSocket, OpenSockets } from './open-sockets.ts'
import { overLimit } from './over-limit.ts'
import { problems } from './problems.ts'
import { parsePart } from './read-body.ts'
import { assertAdmitted, assertAllowed, record, refuse, type ServeDeps } from './serve.ts'
import { writeAnswer } from './write-answer.ts'

export type SocketDeps = ServeDeps & {
  readonly openSockets: OpenSockets
  /** Whether the operator allows a key in the URL of a handshake, for endpoints that support it. */
  readonly takesQueryKeys: boolean
}

export type SocketServer = {
  /** Whether a request asks for a WebSocket at an endpoint that has one; any other is handled as a plain request. */
  readonly accepts: (request: IncomingMessage) => boolean
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

/** A client that does not complete the closing handshake within this time is disconnected. */
const answerMsMax = 10_000
/** Suggested to a client that is refused while the server stops. */
const drainRetrySeconds = 5

type Place = {
  readonly service: ServedService
  readonly bound: BoundEndpoint
  readonly terms: SocketTerms
  readonly handshakes: WebSocketServer
}

/**
 * Opens WebSockets: each handshake is judged in the same order as any other request, and refused with the same errors.
 */
export function createSocketServer(deps: SocketDeps, services: readonly ServedService[]): SocketServer {
  const places = new Map(
    services.flatMap((service) =>
      service.endpoints.flatMap((bound) => {
        const { path, reply } = bound.endpoint
        if (!('socket' in reply)) return []
        return [
          [path, { service, bound, terms: reply.socket, handshakes: toHandshakes(reply.socket) }] as const,
        ]
      }),
    ),
  )
  const find = ({ url = '/' }: IncomingMessage): Place | undefined => places.get(url.split('?', 1)[0] ?? '')
  return {
    accepts: (request) => asksForSocket(request) && find(request) !== undefined,
    upgrade: (request, socket, head) => {
      const place = find(request)
      if (place === undefined) return void socket.destroy()
      answerHandshake(deps, place, request, socket, head).catch((error: unknown) => {
        deps.log.error('A handshake could not be answered', {
          route: place.bound.endpoint.path,
          ...toErrorFields(error),
        })
        socket.destroy()
      })
    },
  }
}

function toHandshakes({ protocols, messageBytesMax }: SocketTerms): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // Compression would keep a window in memory for each connection, and messages are short.
    perMessageDeflate: false,
    maxPayload: messageBytesMax,
    handleProtocols: (asked) => [...asked].find((name) => protocols.includes(name)) ?? false,
  })
}

/** A connection while it is being opened. */
type Handshake = {
  readonly request: IncomingMessage
  readonly ip: string
  readonly requestId: string
  readonly arrivedMs: number
  readonly startedAtMs: number
}

async function answerHandshake(
  deps: SocketDeps,
  place: Place,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const { service, bound } = place
  const { endpoint } = bound
  const credentials = cutCredentials(service, request)
  const startedAtMs = deps.clock.now()
  const handshake: Handshake = {
    request,
    ip: clientAddress(request, deps.trustedHops),
    requestId: `req_${newRequestId(startedAtMs)}`,
    arrivedMs: deps.clock.monotonic(),
    startedAtMs,
  }
  const headers: Answer['headers'] = { ...deps.securityHeaders, 'x-request-id': handshake.requestId }
  let caller: Caller | undefined
  let isAnswered = false
  const forget = (): void => void socket.destroy()
  socket.on('error', forget)
  try {
    assertHost(request)
    if (deps.openSockets.isDraining())
      throw problems.UNAVAILABLE({ detail: 'This server is stopping', retryAfterSeconds: drainRetrySeconds })
    const protocol = judgeHandshake(request, place.terms)
    const proven = await prove(deps, place, handshake, protocol, credentials)
    caller = proven.caller
    if (proven.caller.kind === 'key') {
      const limit = limitOf(service, endpoint, proven, {})
      if (limit !== undefined)
        assertAdmitted(
          [{ rule: limit.rule, decision: await deps.limiter.charge(limit.rule, limit.subject) }],
          headers,
        )
      assertAllowed(endpoint, proven.caller)
    }
    const input = {
      params: undefined,
      query: parsePart(endpoint.query, toQuery(request), 'query'),
      body: undefined,
    }
    const reply = await bound.handle(proven.caller, input, toContext(handshake))
    if (!(reply instanceof SocketReply)) throw new Error(`${endpoint.path} must answer with a SocketReply`)
    socket.off('error', forget)
    if (socket.destroyed) return
    isAnswered = true
    place.handshakes.handleUpgrade(request, socket, head, (opened) =>
      open(deps, place, handshake, proven, opened, reply),
    )
    await note(deps, place, handshake, caller, 101)
  } catch (error) {
    // A failure from here on can no longer be answered as a request.
    if (isAnswered) throw error
    const answer = refuse(deps, service, endpoint, error, handshake.requestId)
    await note(deps, place, handshake, caller, answer.status)
    if (typeof answer.body !== 'string') throw new Error('A refusal is text', { cause: error })
    writeAnswer(
      socket,
      { status: answer.status, body: answer.body, headers: { ...headers, ...answer.headers } },
      deps.clock.now(),
    )
  }
}

type Opener =
  | { readonly caller: KeyPrincipal; readonly requestsPerWindow: number | null }
  | {
      readonly caller: { readonly kind: 'visitor'; readonly ip: string }
      readonly requestsPerWindow: null
      /** The charge against the address, which a successful authentication gives back. */
      readonly charge: Admitted
    }

/**
 * Authenticates the caller of a handshake; if the subprotocol lets the key follow as a message, the caller is a visitor
 * for now.
 */
async function prove(
  deps: SocketDeps,
  { service, bound: { endpoint }, terms }: Place,
  { request, ip, arrivedMs }: Handshake,
  protocol: string,
  credentials: readonly { readonly name: string; readonly value: string }[],
): Promise<Opener> {
  const mayBeInUrl = deps.takesQueryKeys && protocol === ''
  const refused = credentials.find(({ name }) => !mayBeInUrl || name !== terms.queryCredential)
  if (refused !== undefined) return refuseCredentialInUrl(deps, service, refused, arrivedMs)
  const rawHeaders = [...request.rawHeaders, ...credentials.flatMap(({ value }) => ['x-api-key', value])]
  const { gate } = service.policy
  const isBare = readCredential({ rawHeaders }, gate.credentialHeaders).kind === 'missing'
  if (isBare && terms.provesLater.includes(protocol)) {
    const charge = await deps.limiter.charge(gate.beforeProof, ipKey(ip))
    if (!charge.admitted) throw overLimit(charge, true)
    return { caller: { kind: 'visitor', ip }, requestsPerWindow: null, charge }
  }
  const { caller, requestsPerWindow } = await authenticate(
    deps,
    service,
    endpoint,
    { rawHeaders },
    ip,
    arrivedMs,
  )
  if (caller.kind !== 'key') throw new Error(`${endpoint.path} is opened by a key`)
  return { caller, requestsPerWindow }
}

function open(
  deps: SocketDeps,
  place: Place,
  handshake: Handshake,
  opener: Opener,
  opened: WebSocket,
  reply: SocketReply,
): void {
  const { terms, bound, service } = place
  const { access } = bound.endpoint
  const { ip } = handshake
  let sentBytes = 0
  const close = (code: number, reason: string): void => {
    opened.close(code, reason)
    setTimeout(() => opened.terminate(), answerMsMax).unref()
  }
  const known: OpenSocket = {
    ip,
    scope: access.kind === 'key' ? access.scope : undefined,
    close,
    cut: () => opened.terminate(),
  }
  opened.on('error', () => undefined)
  const caller = opener.caller.kind === 'key' ? opener.caller : undefined
  if (!deps.openSockets.add(known, caller, terms.unprovenPerAddressMax))
    return close(socketCloses.tooMany, 'too many connections without proof')
  const isOpen = (): boolean => opened.readyState === opened.OPEN
  const connection: SocketConnection = {
    protocol: opened.protocol,
    ip,
    send: (text) => {
      if (!isOpen()) return
      const bytes = typeof text === 'string' ? Buffer.from(text) : text
      sentBytes += bytes.length + headerBytes(bytes.length)
      opened.send(bytes, { binary: false })
    },
    sentBytes: () => sentBytes,
    unsentBytes: () => opened.bufferedAmount,
    ping: () => {
      if (isOpen()) opened.ping()
    },
    close,
    prove: async (text) => {
      if (opener.caller.kind === 'key') throw new Error('This connection is proven')
      const proof = await proveLater(deps, place, handshake, text)
      if (!isOpen()) return { accepted: false }
      if (!proof.accepted) {
        close(proof.code, proof.reason)
        return { accepted: false }
      }
      if ('charge' in opener)
        void deps.limiter.giveBack(service.policy.gate.beforeProof, ipKey(ip), opener.charge)
      deps.openSockets.prove(known, proof.principal)
      return { accepted: true, principal: proof.principal } satisfies LaterProof
    },
  }
  const told = reply.open(connection)
  opened.on('close', () => {
    deps.openSockets.remove(known)
    told.onClose()
  })
  opened.on('pong', () => told.onPong())
  opened.on('message', (data: RawData, isBinary: boolean) => {
    if (!isOpen()) return
    if (isBinary || !Buffer.isBuffer(data)) close(socketCloses.unsupported, 'text alone')
    else told.onText(data.toString('utf8'))
  })
}

type Judged =
  | { readonly accepted: true; readonly principal: KeyPrincipal }
  | { readonly accepted: false; readonly code: number; readonly reason: string }

async function proveLater(
  deps: SocketDeps,
  place: Place,
  handshake: Handshake,
  text: string,
): Promise<Judged> {
  const { service, bound } = place
  const { endpoint } = bound
  const { ip } = handshake
  const { gate } = service.policy
  const arrivedMs = deps.clock.monotonic()
  const proof = await deps.verifyKey(service.name, text, ip)
  if (!proof.accepted) {
    await holdUntil(deps.clock, arrivedMs + gate.floorMs)
    const { reason, orgId, keyPrefix } = proof
    const route = `${endpoint.method} ${endpoint.path}`
    deps.refusals.note({ orgId, keyPrefix, ip, reason, route, atMs: deps.clock.now() })
    return { accepted: false, code: socketCloses.notAuthenticated, reason: 'not authenticated' }
  }
  const { principal, requestsPerWindow } = proof
  const limit = limitOf(service, endpoint, { caller: principal, requestsPerWindow }, {})
  const charge = limit === undefined ? undefined : await deps.limiter.charge(limit.rule, limit.subject)
  await note(deps, place, handshake, principal, 101)
  if (charge?.admitted === false)
    return { accepted: false, code: socketCloses.tooMany, reason: 'too many requests' }
  const { access } = endpoint
  if (access.kind === 'key' && !isScopeGranted(principal.scopes, access.scope))
    return {
      accepted: false,
      code: socketCloses.notAllowed,
      reason: `this key lacks the scope ${access.scope}`,
    }
  return { accepted: true, principal }
}

async function note(
  deps: SocketDeps,
  { bound }: Place,
  { requestId, ip, startedAtMs, arrivedMs }: Handshake,
  caller: Caller | undefined,
  status: number,
): Promise<void> {
  const durationMs = deps.clock.monotonic() - arrivedMs
  await record(deps, bound.endpoint, caller, { requestId, ip, status, startedAtMs, durationMs })
}

function toContext({ request, requestId, ip, startedAtMs }: Handshake): RequestContext {
  const aborted = new AbortController()
  request.socket.once('close', () => aborted.abort())
  if (request.socket.destroyed) aborted.abort()
  return {
    requestId,
    ip,
    userAgent: request.headers['user-agent'],
    url: request.url ?? '/',
    receivedAtMs: startedAtMs,
    signal: aborted.signal,
    refund: () => undefined,
    header: (name) => [request.headers[name]].flat()[0],
  }
}

/** The query parameters by name; a repeated one becomes a list, which a schema refuses by name. */
function toQuery({ url = '/' }: IncomingMessage): Readonly<Record<string, string | readonly string[]>> {
  const start = url.indexOf('?')
  const members = new URLSearchParams(start === -1 ? '' : url.slice(start + 1))
  return Object.fromEntries(
    [...new Set(members.keys())].map((name) => {
      const [only, ...more] = members.getAll(name)
      return [name, only !== undefined && more.length === 0 ? only : [only ?? '', ...more]]
    }),
  )
}

/** The length of the header of a server's frame (RFC 6455 §5.2). */
function headerBytes(length: number): number {
  if (length < 126) return 2
  return length < 65_536 ? 4 : 10
}
