import type { Socket } from 'node:net'
import { Server as TlsServer } from 'node:tls'
import { type FastifyInstance, fastify } from 'fastify'
import type { ServiceModule } from '../service.ts'
import { unmap } from './client-address.ts'
import { preflightHeaders } from './cors.ts'
import { problems } from './problems.ts'
import { serve, type ServeDeps } from './serve.ts'
import { followTls, readTls, type TlsFiles } from './tls.ts'
import { createTrustedProxies } from './trusted-proxies.ts'
import { toWireError } from './to-wire-error.ts'

export type HttpServer = {
  /** `http://HOST:PORT` as it listens. */
  readonly origin: string
  /** Refuses new connections, finishes what is in flight, closes idle ones (H8). */
  readonly stop: () => Promise<void>
}

export type ListenOptions = {
  /** Files of a certificate and its key; plain HTTP without. */
  readonly tls?: TlsFiles | undefined
  /** Networks that the proxies before this server stand in. */
  readonly trustedProxies: readonly string[]
  readonly host: string
  readonly port: number
  readonly socketsPerAddressMax: number
  readonly services: readonly ServiceModule[]
}

/** Clients that send slowly or not at all are cut (H7). */
const timeouts = { headersMs: 10_000, requestMs: 30_000, keepAliveMs: 20_000, checkEveryMs: 1_000 }

const httpOptions = {
  headersTimeout: timeouts.headersMs,
  connectionsCheckingInterval: timeouts.checkEveryMs,
  maxHeaderSize: 16_384,
}

export async function listen(deps: ServeDeps, options: ListenOptions): Promise<HttpServer> {
  const app = fastify({
    logger: false,
    exposeHeadRoutes: true,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true, maxParamLength: 300 },
    ...(options.tls === undefined
      ? { http: httpOptions }
      : { https: { ...httpOptions, ...readTls(options.tls) } }),
  })
  // The pipeline reads the body itself, after the caller is proven.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  for (const service of options.services) register(app, deps, service)
  refuseUnknownPaths(app, deps, options.services)
  answerPreflights(app, deps)
  if (deps.trustedHops === 0) limitSockets(app, options.socketsPerAddressMax)
  else cutStrangers(app, options.trustedProxies)
  await app.listen({ host: options.host, port: options.port })
  const unfollow = options.tls === undefined ? undefined : followTls(toTlsServer(app), options.tls, deps.log)
  return {
    origin: toOrigin(options, app),
    stop: async () => {
      unfollow?.()
      await app.close()
    },
  }
}

function register(app: FastifyInstance, deps: ServeDeps, service: ServiceModule): void {
  for (const bound of service.endpoints) {
    const { method, path } = bound.endpoint
    app.route({
      method,
      url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      handler: (request, reply) => serve(deps, service, bound, request, reply),
    })
  }
}

/** A path that no endpoint has is answered in the form that the clients of its neighbours read. */
function refuseUnknownPaths(
  app: FastifyInstance,
  { securityHeaders }: ServeDeps,
  services: readonly ServiceModule[],
): void {
  const refuse = (url: string, status: number) => {
    const first = url.split('/', 2)[1] ?? ''
    const owner = services.find(({ endpoints }) =>
      endpoints.some(({ endpoint }) => endpoint.path.split('/', 2)[1] === first),
    )
    const problem =
      status === 404
        ? problems.NOT_FOUND()
        : problems.VALIDATION_ERROR({ detail: 'The request cannot be read' })
    return { status: problem.status, ...toWireError(problem, owner?.envelope ?? 'problem+json', '') }
  }
  app.setNotFoundHandler(async (request, reply) => {
    const { status, mediaType, body } = refuse(request.url, 404)
    return reply
      .code(status)
      .headers({ ...securityHeaders, 'content-type': mediaType })
      .send(body)
  })
  app.setErrorHandler(async (_error, request, reply) => {
    const { status, mediaType, body } = refuse(request.url, 400)
    return reply
      .code(status)
      .headers({ ...securityHeaders, 'content-type': mediaType })
      .send(body)
  })
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

/** Behind proxies of one's own, what comes past them is nobody's to trust (H6). */
function cutStrangers(app: FastifyInstance, cidrs: readonly string[]): void {
  const isTrusted = createTrustedProxies(cidrs)
  app.server.on('connection', (socket: Socket) => {
    if (!isTrusted(unmap(socket.remoteAddress ?? ''))) socket.destroy()
  })
}

/** Asked by browsers before a request of another site's page, without any credential. */
function answerPreflights(app: FastifyInstance, deps: ServeDeps): void {
  app.options('/*', async (request, reply) => {
    const allowed = preflightHeaders(deps, request.headers.origin ?? '')
    return reply
      .code(allowed === undefined ? 403 : 204)
      .headers({ ...deps.securityHeaders, vary: 'Origin', ...allowed })
      .send()
  })
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
