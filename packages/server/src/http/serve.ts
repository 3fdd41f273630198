import type { IncomingMessage } from 'node:http'
import type { CallLog } from '@gatehouse/kernel/audit'
import type { BoundEndpoint, Endpoint, RequestContext } from '@gatehouse/kernel/endpoint'
import type { IdempotencyDeps } from '@gatehouse/kernel/idempotency'
import { newId } from '@gatehouse/kernel/ids'
import { type Judged, limitHeaders, type LimitRule } from '@gatehouse/kernel/limits'
import { toErrorFields } from '@gatehouse/kernel/log'
import { isRoleAtLeast, isScopeGranted } from '@gatehouse/kernel/principal'
import { Problem } from '@gatehouse/kernel/problem'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ServiceModule } from '../service.ts'
import { type Answer, toAnswer } from './answer.ts'
import { answerOnce } from './answer-once.ts'
import { authenticate, type Caller, type GateDeps } from './authenticate.ts'
import { limitOf, ownLimitOf } from './call-limits.ts'
import { clientAddress } from './client-address.ts'
import { type CorsDeps, corsHeaders } from './cors.ts'
import { overLimit } from './over-limit.ts'
import { problems } from './problems.ts'
import { parsePart, readJsonBody, readTextBody } from './read-body.ts'
import { toWireError } from './to-wire-error.ts'

export type ServeDeps = GateDeps &
  CorsDeps &
  IdempotencyDeps & {
    readonly calls: CallLog
    readonly trustedHops: number
    /** What every reply carries, whatever it answers. */
    readonly securityHeaders: Readonly<Record<string, string>>
  }

const bodyBytesDefault = 1_048_576

/** The life of a request, in one order for every endpoint of every service. */
export async function serve(
  deps: ServeDeps,
  service: ServiceModule,
  { endpoint, handle }: BoundEndpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const arrivedMs = deps.clock.monotonic()
  const startedAtMs = deps.clock.now()
  const requestId = `req_${newId(startedAtMs)}`
  const ip = clientAddress(request.raw, deps.trustedHops)
  const headers: Answer['headers'] = { ...deps.securityHeaders, 'x-request-id': requestId }
  let caller: Caller | undefined
  let answer: Answer
  try {
    assertBodyFits(request.raw, endpoint)
    const proven = await authenticate(deps, service, endpoint, request.raw, ip, arrivedMs)
    caller = proven.caller
    const { origin } = request.raw.headers
    if (origin !== undefined) Object.assign(headers, await corsHeaders(deps, caller, origin))
    // Safe: the router gives every `{name}` of the path as text.
    const params = request.params as Readonly<Record<string, string>>
    const { rule, subject } = limitOf(service, endpoint, proven, params)
    const judged: Judged[] = []
    const charge = async (limit: { readonly rule: LimitRule; readonly subject: string }): Promise<void> => {
      const decision = await deps.limiter.charge(limit.rule, limit.subject)
      judged.push({ rule: limit.rule, decision })
      Object.assign(headers, limitHeaders(judged))
      if (!decision.admitted) throw overLimit(decision)
    }
    await charge({ rule, subject })
    assertAllowed(endpoint, caller)
    await assertInstanceAdmin(deps, endpoint, caller)
    await assertSudo(deps, endpoint, caller, request.raw)
    // Last, so that a call that is refused anyway costs nothing of an allowance that lasts an hour.
    const own = ownLimitOf(service, endpoint, caller)
    if (own !== undefined) await charge(own)
    const input = {
      params: parsePart(endpoint.params, params, 'path'),
      query: parsePart(endpoint.query, request.query, 'query'),
      body: await readBody(endpoint, request.raw),
    }
    const context = toContext(request, requestId, ip, startedAtMs)
    const once = context.header('idempotency-key')
    answer = await answerOnce(deps, endpoint, caller, once, input, async () =>
      toAnswer(endpoint, await handle(proven.caller, input, context), request.raw),
    )
  } catch (error) {
    answer = toRefusal(deps, service, endpoint, error, requestId)
  }
  const durationMs = deps.clock.monotonic() - arrivedMs
  record(deps, endpoint, caller, { requestId, ip, status: answer.status, startedAtMs, durationMs })
  return send(request, reply, answer.status, Object.assign(headers, answer.headers), answer.body)
}

/** A body that is there already goes out in one write, past the framework's own serialising of headers. */
function send(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  headers: Answer['headers'],
  body: Answer['body'],
): FastifyReply {
  if (typeof body !== 'string' && !Buffer.isBuffer(body))
    return reply.code(status).headers(headers).send(body)
  reply.hijack()
  if (status !== 304 && status !== 204) headers['content-length'] = String(Buffer.byteLength(body))
  reply.raw.writeHead(status, headers)
  reply.raw.end(request.method === 'HEAD' ? undefined : body)
  return reply
}

async function readBody(endpoint: Endpoint, request: IncomingMessage): Promise<unknown> {
  const bytesMax = endpoint.bodyBytesMax ?? bodyBytesDefault
  if (endpoint.textBody === true) return readTextBody(request, bytesMax)
  return parsePart(endpoint.body, await readJsonBody(request, bytesMax), 'body')
}

function assertBodyFits(request: IncomingMessage, endpoint: Endpoint): void {
  const bytesMax = endpoint.bodyBytesMax ?? bodyBytesDefault
  if (Number(request.headers['content-length'] ?? 0) > bytesMax)
    throw problems.TOO_LARGE({ detail: `body: must be at most ${bytesMax} bytes` })
}

function assertAllowed({ access }: Endpoint, caller: Caller): void {
  if (access.kind === 'key' && caller.kind === 'key' && !isScopeGranted(caller.scopes, access.scope))
    throw problems.FORBIDDEN({ detail: `This key lacks the scope ${access.scope}` })
  if (access.kind === 'session' && caller.kind === 'member' && !isRoleAtLeast(caller.role, access.role))
    throw problems.FORBIDDEN({ detail: `This needs the role ${access.role}; yours here is ${caller.role}` })
}

/** In the words of a path that no endpoint has, and before a proof is asked for: who may do this is nobody's business. */
async function assertInstanceAdmin(deps: ServeDeps, { access }: Endpoint, caller: Caller): Promise<void> {
  if (access.kind !== 'session' || access.instanceAdmin !== true) return
  if (caller.kind !== 'member' || !(await deps.isInstanceAdmin(caller.userId))) throw problems.NOT_FOUND()
}

async function assertSudo(
  deps: ServeDeps,
  { access }: Endpoint,
  caller: Caller,
  request: IncomingMessage,
): Promise<void> {
  if (access.kind !== 'session' || access.sudo !== true || caller.kind !== 'member') return
  const token = [request.headers['x-sudo-token'] ?? []].flat()[0]
  if (token === undefined || !(await deps.verifySudo(token, caller)))
    throw problems.SUDO_REQUIRED({
      detail: 'Prove who you are at POST /dashboard/sudo/verify, then send its token as X-Sudo-Token',
    })
}

function toContext(
  request: FastifyRequest,
  requestId: string,
  ip: string,
  receivedAtMs: number,
): RequestContext {
  let signal: AbortSignal | undefined
  return {
    requestId,
    ip,
    receivedAtMs,
    userAgent: request.headers['user-agent'],
    // Few handlers listen, and a controller with its listener costs as much as the limits.
    get signal() {
      return (signal ??= abortedOnClose(request.raw))
    },
    header: (name) => [request.headers[name] ?? []].flat()[0],
  }
}

function abortedOnClose(request: IncomingMessage): AbortSignal {
  const aborted = new AbortController()
  const abortIfIncomplete = (): void => {
    if (!request.complete) aborted.abort()
  }
  if (request.destroyed) abortIfIncomplete()
  else request.once('close', abortIfIncomplete)
  return aborted.signal
}

function toRefusal(
  deps: ServeDeps,
  service: ServiceModule,
  endpoint: Endpoint,
  error: unknown,
  requestId: string,
): Answer {
  const problem =
    error instanceof Problem
      ? error
      : problems.INTERNAL({ detail: `Something went wrong on our side. Tell us the request id ${requestId}` })
  if (!(error instanceof Problem))
    deps.log.error('A request failed', {
      requestId,
      method: endpoint.method,
      route: endpoint.path,
      ...toErrorFields(error),
    })
  const { mediaType, body } = toWireError(problem, service.envelope, requestId)
  const headers: Answer['headers'] = { 'content-type': mediaType, 'cache-control': 'no-store' }
  if (problem.retryAfterSeconds !== undefined) headers['retry-after'] = String(problem.retryAfterSeconds)
  if (problem.status === 401) headers['www-authenticate'] = 'Bearer'
  if (problem.status === 413) headers['connection'] = 'close'
  return { status: problem.status, body, headers }
}

function record(
  deps: ServeDeps,
  endpoint: Endpoint,
  caller: Caller | undefined,
  call: { requestId: string; ip: string; status: number; startedAtMs: number; durationMs: number },
): void {
  const { method, path: route } = endpoint
  const { requestId, ip, status, startedAtMs, durationMs } = call
  deps.log.debug('request', { requestId, method, route, status, durationMs: Math.round(durationMs), ip })
  if (caller === undefined || caller.kind === 'visitor') return
  deps.calls.record({
    orgId: caller.orgId,
    atMs: startedAtMs,
    keyPrefix: caller.kind === 'key' ? caller.keyPrefix : null,
    userId: caller.kind === 'member' ? caller.userId : null,
    ip,
    method,
    route,
    status,
    durationMs,
  })
}
