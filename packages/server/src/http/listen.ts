import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Server as TlsServer, type TlsOptions } from 'node:tls'
import { unmapAddress } from '@gatehouse/kernel/limits'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import type { Problem } from '@gatehouse/kernel/problem'
import { type FastifyInstance, fastify } from 'fastify'
import type { ServedService } from '../service/define-service.ts'
import { trackConnections } from './connections.ts'
import { preflightHeaders } from './cors.ts'
import { createCustomHostRouter } from './custom-host-router.ts'
import { createDomainCertificates } from './domain-certificates.ts'
import { createEventStreams } from './event-streams.ts'
import { mcpPolicy } from './mcp-policy.ts'
import { createOpenSockets, type OpenSocketsDeps } from './open-sockets.ts'
import { problems } from './problems.ts'
import { send } from './send.ts'
import { registerMetrics, type ServedMetrics } from './register-metrics.ts'
import { selfHeader, serve, type ServeDeps } from './serve.ts'
import { createSocketServer, type SocketDeps } from './serve-socket.ts'
import { cutSlowBodies } from './slow-bodies.ts'
import { createMcp } from './serve-mcp.ts'
import { followTls, readTls, type TlsFiles } from './tls.ts'
import { createTrustedProxies } from './trusted-proxies.ts'
import { createUnserved, type Unserved } from './unserved.ts'

export type HttpServer = {
  /** `http://HOST:PORT` on which the server listens. */
  readonly origin: string
  /** Sends a request through the whole pipeline without a socket; resolves to the status of the answer. */
  readonly askSelf: (path: string) => Promise<number>
  /** Refuses new connections, finishes requests in flight, and closes idle connections immediately (H8). */
  readonly stop: () => Promise<void>
}

export type ListenOptions = {
  /** The files of the certificate and its key; without them the server speaks plain HTTP. */
  readonly tls?: TlsFiles | undefined
  /** The networks of the proxies before this server. */
  readonly trustedProxies: readonly string[]
  readonly host: string
  readonly port: number
  readonly socketsPerAddressMax: number
  readonly services: readonly ServedService[]
}

/** Clients that send too slowly are disconnected (H7). */
const timeouts = {
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 20_000,
  checkEveryMs: 1_000,
  finishMs: 10_000,
}

const httpOptions = {
  headersTimeout: timeouts.headersMs,
  connectionsCheckingInterval: timeouts.checkEveryMs,
  maxHeaderSize: 16_384,
  // Node's own error answer would have none of our headers; the pipeline checks the header itself.
  requireHostHeader: false,
}

export type ListenDeps = ServeDeps &
  OpenSocketsDeps &
  Pick<SocketDeps, 'takesQueryKeys'> & { readonly metrics?: ServedMetrics | undefined }

export async function listen(deps: ListenDeps, options: ListenOptions): Promise<HttpServer> {
  const customHosts = createCustomHostRouter(options.services)
  const unserved = createUnserved({ ...deps, isCustomHost: customHosts.isFor }, options.services)
  const openSockets = createOpenSockets(deps)
  const sockets = createSocketServer({ ...deps, openSockets }, options.services)
  // A request for another upgrade, or for one at another path, is handled as a plain request.
  const shouldUpgradeCallback = (request: IncomingMessage): boolean =>
    !customHosts.isFor(request) && sockets.accepts(request)
  const ownOptions = { ...httpOptions, shouldUpgradeCallback }
  const app = fastify({
    logger: false,
    exposeHeadRoutes: true,
    // A request that comes while the server stops is served; its connection ends afterwards.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // Each request has a timeout of its own: see `cutSlowBodies`.
    requestTimeout: 0,
    keepAliveTimeout: timeouts.keepAliveMs,
    frameworkErrors: (error, request, reply) => {
      reply.hijack()
      unserved.refuse(request.raw, reply.raw, toRoutingProblem(error))
    },
    clientErrorHandler: (error, socket) => refuseUnread(unserved, error, socket),
    rewriteUrl: customHosts.toRoutedUrl,
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true, maxParamLength: 300 },
    ...(options.tls === undefined
      ? { http: ownOptions }
      : {
          https: {
            ...ownOptions,
            ...readTls(options.tls),
            ...pickCertificate(options.tls, customHosts.has, deps.log),
          },
        }),
  })
  // The pipeline reads the body itself, after the caller is authenticated, and checks its media type.
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    app.addHttpMethod(method, { hasBody: false, overrideExisting: true })
  const eventStreams = createEventStreams({ ...deps, openSockets })
  for (const service of options.services) register(app, { ...deps, eventStreams }, service)
  registerMcp(app, deps, options.services, unserved)
  if (deps.metrics !== undefined) registerMetrics(app, deps, deps.metrics, unserved)
  refuseWhatNobodyServes(app, unserved)
  answerPreflights(app, deps, unserved)
  // Node.js would answer 417 by itself; a server may also ignore an unknown expectation (RFC 9110 §10.1.1).
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
  app.server.on('upgrade', sockets.upgrade)
  cutSlowBodies(app.server, timeouts.requestMs)
  const connections = trackConnections(app.server)
  if (deps.trustedHops === 0) limitSockets(app, options.socketsPerAddressMax)
  else cutStrangers(app, options.trustedProxies)
  for (const { customHosts: hosts } of options.services) await hosts?.load()
  await app.listen({ host: options.host, port: options.port })
  const unfollow = options.tls === undefined ? undefined : followTls(toTlsServer(app), options.tls, deps.log)
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    unfollow?.()
    // Handshakes are refused before any connection ends, so that a client that reconnects immediately reaches another
    // node.
    await openSockets.drain()
    // From here on the framework accepts no connection, and ends each one after its answer.
    const closed = app.close()
    connections.end(timeouts.finishMs)
    await closed
  }
  return {
    origin: toOrigin(options, app),
    askSelf: async (url) =>
      (await app.inject({ method: 'GET', url, headers: { [selfHeader]: deps.selfToken ?? '' } })).statusCode,
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

function register(app: FastifyInstance, deps: Parameters<typeof serve>[0], service: ServedService): void {
  for (const bound of service.endpoints) {
    const { method, path, trailingSlash = false } = bound.endpoint
    const url = path.replaceAll(/\{(\w+)\}/g, ':$1')
    for (const place of trailingSlash ? [url, `${url}/`] : [url])
      app.route({
        method,
        url: place,
        handler: (request, reply) => {
          // The pipeline sends the reply itself; the framework must not wait for one.
          reply.hijack()
          serve(deps, service, bound, request, reply.raw).catch((error: unknown) => {
            deps.log.error('A reply could not be sent', { route: path, ...toErrorFields(error) })
            reply.raw.destroy()
          })
        },
      })
  }
}

/** Registers `/mcp`: one message per request, without streams or sessions. */
function registerMcp(
  app: FastifyInstance,
  deps: ServeDeps,
  services: readonly ServedService[],
  unserved: Unserved,
): void {
  const serveMcp = createMcp(deps, services)
  app.post(mcpPolicy.path, (request, reply) => {
    reply.hijack()
    serveMcp(request, reply.raw).catch((error: unknown) => {
      deps.log.error('A reply could not be sent', { route: mcpPolicy.path, ...toErrorFields(error) })
      reply.raw.destroy()
    })
  })
  app.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE'],
    url: mcpPolicy.path,
    handler: (request, reply) => {
      reply.hijack()
      reply.raw.setHeader('allow', 'POST')
      unserved.refuse(request.raw, reply.raw, problems.METHOD_NOT_ALLOWED())
    },
  })
}

function refuseWhatNobodyServes(app: FastifyInstance, unserved: Unserved): void {
  app.setNotFoundHandler((request, reply) => {
    reply.hijack()
    unserved.refuseUnknown(request.raw, reply.raw)
  })
  app.setErrorHandler((_error, request, reply) => {
    reply.hijack()
    unserved.refuse(request.raw, reply.raw, unreadable())
  })
  app.server.on('connect', (request: IncomingMessage, socket: Duplex) =>
    unserved.refuseUnread(socket, problems.METHOD_NOT_ALLOWED(), request.url),
  )
}

function toRoutingProblem({ code }: { readonly code: string }): Problem {
  return code === 'FST_ERR_MAX_PARAM_LENGTH' ? problems.URI_TOO_LONG() : unreadable()
}

function unreadable(): Problem {
  return problems.VALIDATION_ERROR({ detail: 'The request cannot be read' })
}

/** Address and headers share 16 KiB; if the address has more than half of that, the error blames the address. */
const addressBytesMax = 8_192

type UnreadError = Error & { readonly code?: string; readonly rawPacket?: unknown }

/** Answers what the HTTP parser gave up on: a malformed, too long or too slow request. */
function refuseUnread(unserved: Unserved, error: UnreadError, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const { code, rawPacket } = error
  const packet = Buffer.isBuffer(rawPacket) ? rawPacket.toString('latin1', 0, addressBytesMax + 20) : ''
  const [, url = ''] = /^[A-Z]+ (\S+)/.exec(packet) ?? []
  unserved.refuseUnread(socket, toUnreadProblem(code, url), url === '' ? undefined : url)
}

function toUnreadProblem(code: string | undefined, url: string): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return problems.REQUEST_TIMEOUT()
  if (code === 'HPE_HEADER_OVERFLOW')
    return url.length >= addressBytesMax ? problems.URI_TOO_LONG() : problems.HEADERS_TOO_LARGE()
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return problems.TOO_LARGE()
  return unreadable()
}

function limitSockets(app: FastifyInstance, perAddressMax: number): void {
  const open = new Map<string, number>()
  app.server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const count = (open.get(address) ?? 0) + 1
    if (count > perAddressMax) return void socket.destroy()
    open.set(address, count)
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1
      if (left === 0) open.delete(address)
      else open.set(address, left)
    })
  })
}

/** Closes connections from outside the operator's trusted proxies, where the operator has named any (H6). */
function cutStrangers(app: FastifyInstance, cidrs: readonly string[]): void {
  const isTrusted = createTrustedProxies(cidrs)
  app.server.on('connection', (socket: Socket) => {
    if (!isTrusted(unmapAddress(socket.remoteAddress ?? ''))) socket.destroy()
  })
}

/** Answers preflights: a browser sends one, without credentials, before a request of another site's page. */
function answerPreflights(app: FastifyInstance, deps: ServeDeps, unserved: Unserved): void {
  app.options('/*', (request, reply) => {
    reply.hijack()
    const allowed = preflightHeaders(deps, request.headers.origin ?? '')
    reply.raw.setHeader('vary', 'Origin')
    if (allowed === undefined)
      return unserved.refuse(
        request.raw,
        reply.raw,
        problems.FORBIDDEN({ detail: 'Pages of this origin may not call this server' }),
      )
    send(request.raw, reply.raw, { status: 204, body: '', headers: { ...deps.securityHeaders, ...allowed } })
  })
}

/** A handshake for a customer's host gets the certificate of that host, if there is one. */
function pickCertificate({ domains }: TlsFiles, has: (name: string) => boolean, log: Logger): TlsOptions {
  if (domains === undefined) return {}
  const certificates = createDomainCertificates(domains, log)
  return {
    SNICallback: (name, done) => {
      const domain = name.toLowerCase()
      if (!has(domain)) return done(null)
      certificates.find(domain).then((context) => done(null, context), done)
    },
  }
}

function toTlsServer(app: FastifyInstance): TlsServer {
  if (!(app.server instanceof TlsServer)) throw new Error('The server does not speak TLS')
  return app.server
}

function toOrigin({ host, tls }: ListenOptions, app: FastifyInstance): string {
  const address = app.server.address()
  if (address === null || typeof address === 'string')
    throw new Error('The server is not listening on a port')
  return `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${address.port}`
}
