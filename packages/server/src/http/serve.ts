import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CallLog } from '@gatehouse/kernel/audit'
import { isOutage } from '@gatehouse/kernel/db'
import {
  type BoundEndpoint,
  type Endpoint,
  EventsReply,
  type RequestContext,
} from '@gatehouse/kernel/endpoint'
import type { IdempotencyDeps } from '@gatehouse/kernel/idempotency'
import { newRequestId } from '@gatehouse/kernel/ids'
import { type Judged, limitHeaders } from '@gatehouse/kernel/limits'
import { toErrorFields } from '@gatehouse/kernel/log'
import { instanceOrgId, isRoleAtLeast, isScopeGranted } from '@gatehouse/kernel/principal'
import { Problem } from '@gatehouse/kernel/problem'
import type { FastifyRequest } from 'fastify'
import type { judgeControlTokens } from '../mcp/judge-control-tokens.ts'
import type { Meter } from '../metrics/create-meter.ts'
import type { ServedService } from '../service/define-service.ts'
import { type Answer, toAnswer } from './answer.ts'
import { answerOnce, usualIdempotency } from './answer-once.ts'
import { assertHost } from './assert-host.ts'
import { authenticate, type Caller, type GateDeps } from './authenticate.ts'
import { limitOf, ownLimitOf } from './call-limits.ts'
import { clientAddress } from './client-address.ts'
import { addToVary, compressAnswer, isCompressible } from './compress-answer.ts'
import { type CorsDeps, corsHeaders } from './cors.ts'
import { cutCredentials, refuseCredentialInUrl } from './credentials-in-urls.ts'
import type { EventStreams } from './event-streams.ts'
import { jsonBounds } from './judge-json.ts'
import { overLimit } from './over-limit.ts'
import { problems } from './problems.ts'
import { ignoredNames } from './ignored-names.ts'
import { bodyBytesMaxOf, hasBody, type JsonRules, noBody, parsePart, readBody } from './read-body.ts'
import { readToEnd } from './read-text-body.ts'
import { isForReaders, toRefusalPage } from './refusal-page.ts'
import { send } from './send.ts'
import { type Refusal, toRefusal } from './to-refusal.ts'

export type ServeDeps = GateDeps &
  CorsDeps &
  IdempotencyDeps & {
    readonly calls: CallLog
    /** Counts answered requests, if metrics are enabled. */
    readonly meter?: Pick<Meter, 'count'> | undefined
    readonly trustedHops: number
    /** The public URL of the instance; available once it listens. */
    readonly publicUrl: () => string
    /** The path of the public URL, which a proxy removes before it calls this server. */
    readonly publicPath: string
    /** The token that this server sends as `X-Gatehouse-Self` when it calls itself; absent when it does not. */
    readonly selfToken?: string
    /** The headers of every reply, whatever it answers. */
    readonly securityHeaders: Readonly<Record<string, string>>
    readonly judgeControlTokens: typeof judgeControlTokens
  }

export const selfHeader = 'x-gatehouse-self'

/** The stages of a request, in the same order for every endpoint of every service. */
export async function serve(
  deps: ServeDeps & { readonly eventStreams: EventStreams },
  service: ServedService,
  { endpoint, handle }: BoundEndpoint,
  request: FastifyRequest,
  response: ServerResponse,
): Promise<void> {
  const arrivedMs = deps.clock.monotonic()
  const startedAtMs = deps.clock.now()
  const given = givenRequestId(service, request.raw)
  let requestId = given ?? `req_${newRequestId(startedAtMs)}`
  const ip = clientAddress(request.raw, deps.trustedHops)
  const headers: Answer['headers'] = {
    ...deps.securityHeaders,
    'x-request-id': requestId,
    ...service.replyHeaders?.(),
  }
  let caller: Caller | undefined
  let answer: Answer
  // A value that is available synchronously is not awaited: promises would be most of the cost of a request that waits
  // for nothing.
  try {
    assertHost(request.raw)
    assertBodyFits(request.raw, endpoint)
    const [credential] = cutCredentials(service, request.raw)
    if (credential !== undefined) await refuseCredentialInUrl(deps, service, credential, arrivedMs)
    const proof = authenticate(deps, service, endpoint, request.raw, ip, arrivedMs)
    const proven = proof instanceof Promise ? await proof : proof
    caller = proven.caller
    const { origin } = request.raw.headers
    if (origin !== undefined) Object.assign(headers, await corsHeaders(deps, caller, origin))
    // Safe: the router returns every `{name}` of the path as text.
    const params = request.params as Readonly<Record<string, string>>
    const limit = limitOf(service, endpoint, proven, params)
    const judged: Judged[] = []
    if (limit !== undefined) {
      const charged = deps.limiter.charge(limit.rule, limit.subject)
      const decision = charged instanceof Promise ? await charged : charged
      judged.push({ rule: limit.rule, decision })
    }
    noteAccess(deps, service, endpoint, caller, ip, judged)
    assertAdmitted(judged, headers, caller)
    assertAllowed(endpoint, caller)
    if ('socket' in endpoint.reply) throw problems.UPGRADE_REQUIRED()
    if (endpoint.access.kind === 'session') {
      await assertInstanceAdmin(deps, endpoint, caller)
      await assertWholeAccount(deps, endpoint, caller)
      await assertSudo(deps, endpoint, caller, request.raw)
    }
    // Judged last, so that a call that is refused anyway does not use up an hourly allowance.
    const own = ownLimitOf(service, endpoint, caller)
    if (own !== undefined) {
      judged.push({ rule: own.rule, decision: await deps.limiter.charge(own.rule, own.subject) })
      assertAdmitted(judged, headers, caller)
    }
    if (endpoint.passesOverUnknownQuery === true)
      Object.assign(headers, ignoredNames(endpoint.query, request.query))
    const input = {
      params: parsePart(endpoint.params, params, 'path'),
      query: parsePart(endpoint.query, request.query, 'query'),
      body: hasBody(request.raw)
        ? await readBody(endpoint, request.raw, jsonRulesOf(service, endpoint))
        : noBody(endpoint),
    }
    requestId = adoptRequestId(service, input.body, given) ?? requestId
    headers['x-request-id'] = requestId
    const refund = (): void => {
      const [first] = judged
      if (limit !== undefined && first?.decision.admitted === true)
        void deps.limiter.giveBack(limit.rule, limit.subject, first.decision)
    }
    const context = new Context(request.raw, response, { requestId, ip, receivedAtMs: startedAtMs, refund })
    const rules = service.policy.idempotency ?? usualIdempotency
    const once = rules.methods.includes(endpoint.method) ? context.header('idempotency-key') : undefined
    if ((once ?? '') === '' && endpoint.access.kind === 'master' && endpoint.method !== 'GET')
      throw problems.IDEMPOTENCY_KEY_REQUIRED({
        fields: [{ field: 'Idempotency-Key', message: `is required: ${rules.keyForm}` }],
      })
    if (once === undefined) {
      const pending = handle(caller, input, context)
      const result: unknown = pending instanceof Promise ? await pending : pending
      answer =
        result instanceof EventsReply
          ? deps.eventStreams.open(endpoint, caller, request.raw, result)
          : toAnswer(endpoint, result, request.raw)
    } else {
      answer = await answerOnce(deps, endpoint, rules, caller, once, input, async () =>
        toAnswer(endpoint, await handle(proven.caller, input, context), request.raw),
      )
    }
    if (endpoint.textBody === true) await readToEnd(request.raw)
  } catch (error) {
    const refusal = refuse(deps, service, endpoint, error, requestId)
    answer = isForReaders(endpoint, request.raw)
      ? toRefusalPage(refusal, request.raw, { requestId })
      : refusal
  }
  const durationMs = deps.clock.monotonic() - arrivedMs
  const { status } = answer
  const { policy } = service
  const { [selfHeader]: shown } = request.raw.headers
  const isOfSelf = shown !== undefined && shown === deps.selfToken
  const about = isOfSelf ? { method: endpoint.method, path: 'self' } : endpoint
  const call = { requestId, ip, status, startedAtMs, durationMs }
  const recorded = record(deps, about, caller, call, policy.recordsVisitors === true)
  if (recorded !== undefined) await recorded
  const { vary: own } = headers
  Object.assign(headers, answer.headers)
  if (typeof own === 'string') headers['vary'] = addToVary(headers['vary'], own)
  const whole = { status, body: answer.body, headers }
  send(
    request.raw,
    response,
    isCompressible(endpoint, request.raw, whole) ? await compressAnswer(request.raw, whole) : whole,
  )
}

/** Adds the headers of the limits, and throws if the last of them refused the request. */
export function assertAdmitted(judged: readonly Judged[], headers: Answer['headers'], caller?: Caller): void {
  Object.assign(headers, limitHeaders(judged))
  const decision = judged.at(-1)?.decision
  if (decision?.admitted === false) throw overLimit(decision, caller?.kind === 'visitor')
}

/** Records for services that want it which keys were accepted, and which were refused by their own limit. */
function noteAccess(
  { refusals, clock }: ServeDeps,
  { policy }: ServedService,
  { method, path }: Endpoint,
  caller: Caller,
  ip: string,
  judged: readonly Judged[],
): void {
  if (policy.auditsAccess !== true || caller.kind !== 'key') return
  const { orgId, keyPrefix } = caller
  const about = { orgId, keyPrefix, ip, route: `${method} ${path}`, atMs: clock.now() }
  const decision = judged.at(-1)?.decision
  if (decision?.admitted !== false) refusals.noteAccepted(about)
  else if (decision.because === 'limit_reached') refusals.note({ ...about, reason: 'over_limit_after_proof' })
}

/**
 * The request id that the caller sent, if the service allows that and the id is well-formed; an invalid one is ignored.
 */
function givenRequestId({ policy: { callerIds } }: ServedService, { headers }: IncomingMessage) {
  const given = headers['x-request-id']
  return callerIds !== undefined && typeof given === 'string' && callerIds.pattern.test(given)
    ? given
    : undefined
}

/** The request id in the body, which must equal the one in the header if both are given. */
function adoptRequestId(
  { policy: { callerIds } }: ServedService,
  body: unknown,
  given: string | undefined,
): string | undefined {
  if (callerIds === undefined || typeof body !== 'object' || body === null) return undefined
  const { member, pattern } = callerIds
  const own: unknown = Object.entries(body).find(([name]) => name === member)?.[1]
  if (typeof own !== 'string' || !pattern.test(own)) return undefined
  if (given !== undefined && given !== own)
    throw problems.VALIDATION_ERROR({
      fields: [
        { field: member, message: 'differs from the header X-Request-ID' },
        { field: 'X-Request-ID', message: `differs from ${member}` },
      ],
    })
  return own
}

function jsonRulesOf({ policy }: ServedService, { jsonDepthMax }: Endpoint): JsonRules {
  return {
    depthMax: jsonDepthMax ?? policy.jsonDepthMax ?? jsonBounds.depthMax,
    isRepeatUnreadable: policy.isRepeatUnreadable === true,
  }
}

export function assertBodyFits(request: IncomingMessage, endpoint: Endpoint): void {
  if (endpoint.textBody === true) return
  if (endpoint.streamedBody !== undefined) return
  const bytesMax = bodyBytesMaxOf(endpoint)
  if (Number(request.headers['content-length'] ?? 0) > bytesMax)
    throw problems.TOO_LARGE({ detail: `body: must be at most ${bytesMax} bytes` })
}

export function assertAllowed({ access }: Endpoint, caller: Caller): void {
  const needsScope = access.kind === 'key' && access.anyKey !== true
  if (needsScope && caller.kind === 'key' && !isScopeGranted(caller.scopes, access.scope))
    throw problems.FORBIDDEN({ detail: `This key lacks the scope ${access.scope}` })
  if (access.kind === 'session' && caller.kind === 'member' && !isRoleAtLeast(caller.role, access.role))
    throw problems.FORBIDDEN({ detail: `This needs the role ${access.role}; yours here is ${caller.role}` })
}

/** Answers 404, as for an unknown path, and before a fresh proof is asked for: that admin routes exist is not disclosed. */
async function assertInstanceAdmin(deps: ServeDeps, { access }: Endpoint, caller: Caller): Promise<void> {
  if (access.kind !== 'session' || access.instanceAdmin !== true) return
  // An org's issuer can vouch for an address within its own org, but not for who administers the instance.
  const mayBe = caller.kind === 'member' && caller.isConfined !== true
  if (!mayBe || !(await deps.isInstanceAdmin(caller.userId))) throw problems.NOT_FOUND()
}

/**
 * Refuses sessions that one org's issuer vouched for, for people who belong to other orgs too: that issuer speaks for
 * its own org only.
 */
async function assertWholeAccount(deps: ServeDeps, { access }: Endpoint, caller: Caller): Promise<void> {
  if (access.kind !== 'session' || access.wholeAccount !== true) return
  if (caller.kind !== 'member' || caller.isConfined !== true) return
  if (await deps.belongsElsewhere(caller.userId))
    throw problems.FORBIDDEN({
      detail: 'This concerns your account in other organisations too: log in with its password for it',
    })
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

export class Context implements RequestContext {
  readonly requestId: string
  readonly ip: string
  readonly receivedAtMs: number
  readonly refund: () => void
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  #signal: AbortSignal | undefined

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    {
      requestId,
      ip,
      receivedAtMs,
      refund,
    }: Pick<RequestContext, 'requestId' | 'ip' | 'receivedAtMs' | 'refund'>,
  ) {
    this.#request = request
    this.#response = response
    this.requestId = requestId
    this.ip = ip
    this.receivedAtMs = receivedAtMs
    this.refund = refund
  }

  get userAgent(): string | undefined {
    return this.#request.headers['user-agent']
  }

  get url(): string {
    return this.#request.url ?? '/'
  }

  // Created on demand: few handlers use it, and a controller with its listener costs as much as the limits.
  get signal(): AbortSignal {
    return (this.#signal ??= abortedOnClose(this.#response))
  }

  // A member of its own, because handlers destructure the context.
  readonly header = (name: string): string | undefined => {
    const value = this.#request.headers[name]
    return Array.isArray(value) ? value[0] : value
  }
}

function abortedOnClose(response: ServerResponse): AbortSignal {
  const aborted = new AbortController()
  const abortIfUnanswered = (): void => {
    if (!response.writableFinished) aborted.abort()
  }
  if (response.closed) abortIfUnanswered()
  else response.once('close', abortIfUnanswered)
  return aborted.signal
}

/** A database that is restarted is back within seconds. */
const outageRetrySeconds = 5

/** The answer to a request whose work failed; an error that is no deliberate refusal is logged. */
export function refuse(
  deps: ServeDeps,
  service: Pick<ServedService, 'envelope'>,
  endpoint: Pick<Endpoint, 'method' | 'path' | 'besideOutage'>,
  error: unknown,
  requestId: string,
): Refusal {
  const { besideOutage } = endpoint
  const told = { requestId, atMs: deps.clock.now(), publicPath: deps.publicPath, besideOutage }
  if (error instanceof Problem) return toRefusal(error, service.envelope, told)
  const about = { requestId, method: endpoint.method, route: endpoint.path, ...toErrorFields(error) }
  if (isOutage(error)) {
    deps.log.warn('A request failed for want of the database', about)
    const unavailable = problems.UNAVAILABLE({ retryAfterSeconds: outageRetrySeconds })
    return toRefusal(unavailable, service.envelope, told)
  }
  deps.log.error('A request failed', about)
  const detail = `An internal error occurred. Report it with the request id ${requestId}`
  return toRefusal(problems.INTERNAL({ detail }), service.envelope, told)
}

export function record(
  deps: ServeDeps,
  endpoint: Pick<Endpoint, 'method' | 'path'>,
  caller: Caller | undefined,
  call: { requestId: string; ip: string; status: number; startedAtMs: number; durationMs: number },
  recordsVisitors = false,
): void | Promise<void> {
  const { method, path: route } = endpoint
  const { requestId, ip, status, startedAtMs, durationMs } = call
  deps.log.debug('request', { requestId, method, route, status, durationMs: Math.round(durationMs), ip })
  deps.meter?.count({ method, route, status, durationMs, caller: caller?.kind })
  if (caller === undefined || (caller.kind === 'visitor' && !recordsVisitors)) return undefined
  return deps.calls.record({
    orgId: caller.kind === 'visitor' ? instanceOrgId : caller.orgId,
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
