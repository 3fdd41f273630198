import type { IncomingMessage } from 'node:http'
import type { RefusalLog } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import type { Endpoint, Visitor } from '@gatehouse/kernel/endpoint'
import { ipKey, type LimitRule } from '@gatehouse/kernel/limits'
import type { Logger } from '@gatehouse/kernel/log'
import type { KeyPrincipal, MemberPrincipal } from '@gatehouse/kernel/principal'
import type { ServiceModule } from '../service.ts'
import { holdUntil } from './hold-until.ts'
import type { Limiter } from './limiter.ts'
import { overLimit } from './over-limit.ts'
import { problems } from './problems.ts'

export type Caller = Visitor | KeyPrincipal | MemberPrincipal

export type Proof<P> =
  | { readonly accepted: true; readonly principal: P; readonly requestsPerWindow: number | null }
  | {
      readonly accepted: false
      /** The real reason: for the audit log, never for the caller. */
      readonly reason: string
      readonly orgId?: string | undefined
      readonly keyPrefix?: string | undefined
    }

export type GateDeps = {
  readonly clock: Clock
  readonly limiter: Limiter
  readonly refusals: RefusalLog
  readonly log: Logger
  readonly verifyKey: (service: string, text: string, ip: string) => Promise<Proof<KeyPrincipal>>
  readonly verifySession: (text: string, ip: string) => Promise<Proof<MemberPrincipal>>
  /** Whether the operator has named this person to administer the instance. */
  readonly isInstanceAdmin: (userId: string) => Promise<boolean>
  /** Whether the `X-Sudo-Token` proves this very session anew (S7). */
  readonly verifySudo: (text: string, member: MemberPrincipal) => Promise<boolean>
}

export type Proven = { readonly caller: Caller; readonly requestsPerWindow: number | null }

/**
 * Proves who is calling, or throws the one 401 that all failures share (G1), no sooner than the policy's floor after
 * the request arrived (G2).
 */
export async function authenticate(
  deps: GateDeps,
  service: ServiceModule,
  endpoint: Endpoint,
  request: IncomingMessage,
  ip: string,
  arrivedMs: number,
): Promise<Proven> {
  const { access } = endpoint
  if (access.kind === 'public') return { caller: { kind: 'visitor', ip }, requestsPerWindow: null }
  const { gate } = service.policy
  const proof = await prove(deps, service, access.kind, request, ip, gate.beforeProof)
  if (!proof.accepted || gate.floorOn === 'all') await hold(deps, arrivedMs, gate.floorMs, endpoint)
  if (proof.accepted) return { caller: proof.principal, requestsPerWindow: proof.requestsPerWindow }
  const { reason, orgId, keyPrefix } = proof
  deps.refusals.note({
    orgId,
    keyPrefix,
    ip,
    reason,
    route: `${endpoint.method} ${endpoint.path}`,
    atMs: deps.clock.now(),
  })
  throw problems.UNAUTHORIZED()
}

async function prove(
  deps: GateDeps,
  service: ServiceModule,
  kind: 'key' | 'session',
  request: IncomingMessage,
  ip: string,
  beforeProof: LimitRule,
): Promise<Proof<KeyPrincipal | MemberPrincipal>> {
  const subject = ipKey(ip)
  const charge = await deps.limiter.charge(beforeProof, subject)
  if (!charge.admitted) {
    // An outage is no secret, and no reason to tell a caller that its credential is wrong (L4).
    if (charge.because === 'store_unavailable') throw overLimit(charge)
    return { accepted: false, reason: 'over_limit_before_proof' }
  }
  const credential = readCredential(
    request,
    kind === 'session' ? ['authorization'] : service.policy.gate.credentialHeaders,
  )
  if (credential.kind !== 'one') return { accepted: false, reason: `credential_${credential.kind}` }
  const proof = await (kind === 'key'
    ? deps.verifyKey(service.name, credential.text, ip)
    : deps.verifySession(credential.text, ip))
  // Not waited for: a store over the network takes it in the same write as the next charge, and in order.
  if (proof.accepted) void deps.limiter.giveBack(beforeProof, subject, charge)
  return proof
}

type Credential =
  | { readonly kind: 'one'; readonly text: string }
  | { readonly kind: 'missing' | 'malformed' | 'ambiguous' }

/** Credentials come in headers only; two different ones in one request are refused, wherever they stand (G4). */
export function readCredential(
  request: IncomingMessage,
  headers: readonly ('authorization' | 'x-api-key')[],
): Credential {
  // `headers` would keep the first of two Authorization lines in silence.
  const { authorization = [], 'x-api-key': keys = [] } = request.headersDistinct
  const bearers = authorization.map((value) => /^Bearer +([^\s]+)$/i.exec(value)?.[1])
  const given = new Set([...bearers, ...keys.filter((key) => key !== '')])
  if (given.has(undefined)) return { kind: 'malformed' }
  if (given.size > 1) return { kind: 'ambiguous' }
  const accepted = { authorization: bearers[0], 'x-api-key': keys.find((key) => key !== '') }
  const text = headers.map((name) => accepted[name]).find((value) => value !== undefined)
  return text === undefined ? { kind: 'missing' } : { kind: 'one', text }
}

async function hold(deps: GateDeps, arrivedMs: number, floorMs: number, endpoint: Endpoint): Promise<void> {
  const lateMs = await holdUntil(deps.clock, arrivedMs + floorMs)
  if (lateMs > 0)
    deps.log.warn('The timing floor was overrun', { route: endpoint.path, lateMs: Math.round(lateMs) })
}
