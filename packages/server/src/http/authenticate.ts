import type { IncomingMessage } from 'node:http'
import type { RefusalLog } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import type { Access, Endpoint, Visitor } from '@gatehouse/kernel/endpoint'
import { ipKey, type LimitRule } from '@gatehouse/kernel/limits'
import type { Logger } from '@gatehouse/kernel/log'
import type {
  KeyPrincipal,
  LinkPrincipal,
  MasterPrincipal,
  MemberPrincipal,
} from '@gatehouse/kernel/principal'
import type { ServedService } from '../service/define-service.ts'
import { andThen, type MaybeLater } from './and-then.ts'
import { holdUntil } from '../service/hold-until.ts'
import type { Limiter } from './limiter.ts'
import { overLimit } from './over-limit.ts'
import { problems } from './problems.ts'

export type Caller = Visitor | KeyPrincipal | LinkPrincipal | MasterPrincipal | MemberPrincipal

export type Proof<P> =
  | { readonly accepted: true; readonly principal: P; readonly requestsPerWindow: number | null }
  | {
      readonly accepted: false
      /** The real reason; for the audit log, never for the caller. */
      readonly reason: string
      readonly orgId?: string | undefined
      readonly keyPrefix?: string | undefined
    }

export type GateDeps = {
  readonly clock: Clock
  readonly limiter: Limiter
  readonly refusals: RefusalLog
  readonly log: Logger
  readonly verifyKey: (service: string, text: string, ip: string) => MaybeLater<Proof<KeyPrincipal>>
  readonly verifySession: (text: string, ip: string) => MaybeLater<Proof<MemberPrincipal>>
  /** Verifies that a text is the operator's secret of that name (oversight 8.4). */
  readonly verifyMaster: (name: string, text: string, ip: string) => Proof<MasterPrincipal>
  /** Whether the operator has named this person to administer the instance. */
  readonly isInstanceAdmin: (userId: string) => Promise<boolean>
  /** Whether this person belongs to more than one org. */
  readonly belongsElsewhere: (userId: string) => Promise<boolean>
  /** Whether the `X-Sudo-Token` is a fresh proof for this very session (S7). */
  readonly verifySudo: (text: string, member: MemberPrincipal) => Promise<boolean>
}

export type Proven = { readonly caller: Caller; readonly requestsPerWindow: number | null }

/**
 * Authenticates the caller, or throws the one 401 that all failures share (G1), no sooner than the policy's floor after
 * the request arrived (G2). The limit of a key is that of the key itself, or of its org's plan.
 */
export function authenticate(...asked: Parameters<typeof proveCaller>): MaybeLater<Proven> {
  const [, { requestsPerWindowOf }] = asked
  const proof = proveCaller(...asked)
  if (requestsPerWindowOf === undefined) return proof
  return andThen(proof, (proven): MaybeLater<Proven> => {
    if (proven.caller.kind !== 'key') return proven
    return andThen(requestsPerWindowOf(proven.caller.orgId), (most) =>
      most === null
        ? proven
        : { ...proven, requestsPerWindow: Math.min(most, proven.requestsPerWindow ?? most) },
    )
  })
}

function proveCaller(
  deps: GateDeps,
  service: ServedService,
  endpoint: Endpoint,
  request: Pick<IncomingMessage, 'rawHeaders'>,
  ip: string,
  arrivedMs: number,
): MaybeLater<Proven> {
  const { access } = endpoint
  // An invalid credential is never treated as none: its owner would not notice.
  if (access.kind === 'public' && (access.orKey !== true || !carriesCredential(request)))
    return { caller: { kind: 'visitor', ip }, requestsPerWindow: null }
  const { gate } = service.policy
  const proof = prove(deps, service, access, request, ip, gate.beforeProof)
  if (!(proof instanceof Promise) && proof.accepted && gate.floorOn !== 'all') return toProven(proof)
  return settle(deps, service, endpoint, proof, ip, arrivedMs)
}

type Provable = Exclude<Caller, Visitor>

type Accepted = Extract<Proof<Provable>, { readonly accepted: true }>

function toProven({ principal, requestsPerWindow }: Accepted): Proven {
  return { caller: principal, requestsPerWindow }
}

async function settle(
  deps: GateDeps,
  service: ServedService,
  endpoint: Endpoint,
  pending: MaybeLater<Proof<Provable>>,
  ip: string,
  arrivedMs: number,
): Promise<Proven> {
  const { gate } = service.policy
  const proof = await pending
  if (!proof.accepted || gate.floorOn === 'all') await hold(deps, arrivedMs, gate.floorMs, endpoint)
  if (proof.accepted) return toProven(proof)
  const { reason, orgId, keyPrefix } = proof
  deps.refusals.note({
    orgId,
    keyPrefix,
    ip,
    reason,
    ...(endpoint.access.kind === 'master' ? { action: 'AUTH_FAIL_MASTER_KEY' } : {}),
    route: `${endpoint.method} ${endpoint.path}`,
    atMs: deps.clock.now(),
  })
  throw problems.UNAUTHORIZED()
}

function prove(
  deps: GateDeps,
  service: ServedService,
  access: Access,
  request: Pick<IncomingMessage, 'rawHeaders'>,
  ip: string,
  beforeProof: LimitRule,
): MaybeLater<Proof<Provable>> {
  const subject = ipKey(ip)
  return andThen(deps.limiter.charge(beforeProof, subject), (charge) => {
    if (!charge.admitted) {
      // An outage is no secret, and must not look to a caller like a wrong credential (L4).
      if (charge.because === 'store_unavailable') throw overLimit(charge)
      return { accepted: false, reason: 'over_limit_before_proof' }
    }
    const credential = readCredential(
      request,
      access.kind === 'key' || access.kind === 'master' || access.kind === 'public'
        ? service.policy.gate.credentialHeaders
        : bearerHeaders,
    )
    if (credential.kind !== 'one') return { accepted: false, reason: `credential_${credential.kind}` }
    const pending = verify(deps, service, access, credential.text, ip)
    return andThen(pending, (proof) => {
      // Not awaited: a store over the network sends it together with the next charge, and in order. Nothing else limits
      // calls with an operator's secret, so those stay charged.
      if (proof.accepted && proof.principal.kind !== 'master')
        void deps.limiter.giveBack(beforeProof, subject, charge)
      return proof
    })
  })
}

function verify(
  deps: GateDeps,
  service: ServedService,
  access: Access,
  text: string,
  ip: string,
): MaybeLater<Proof<Provable>> {
  switch (access.kind) {
    case 'public':
      return isKeyOf(service, text) ? deps.verifyKey(service.name, text, ip) : deps.verifySession(text, ip)
    case 'key': {
      return access.orMaster === undefined || isKeyOf(service, text)
        ? deps.verifyKey(service.name, text, ip)
        : deps.verifyMaster(access.orMaster, text, ip)
    }
    case 'master':
      return deps.verifyMaster(access.secret, text, ip)
    case 'session':
      return deps.verifySession(text, ip)
    case 'link':
      return verifyLink(service, text, ip)
  }
}

function isKeyOf({ policy: { keyShape } }: ServedService, text: string): boolean {
  return keyShape?.prefixes.some((prefix) => text.startsWith(prefix)) === true
}

function carriesCredential({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): boolean {
  return readCredential({ rawHeaders }, bothHeaders).kind !== 'missing'
}

const bothHeaders = ['authorization', 'x-api-key'] as const

async function verifyLink(service: ServedService, text: string, ip: string): Promise<Proof<LinkPrincipal>> {
  if (service.verifyLink === undefined) throw new Error(`${service.name} knows no links`)
  const verdict = await service.verifyLink(text)
  if (!verdict.accepted) return verdict
  const { orgId, linkId, subject } = verdict
  return {
    accepted: true,
    principal: { kind: 'link', orgId, service: service.name, linkId, subject, ip },
    requestsPerWindow: null,
  }
}

const bearerHeaders = ['authorization'] as const

type Credential =
  | { readonly kind: 'one'; readonly text: string }
  | { readonly kind: 'missing' | 'malformed' | 'ambiguous' }

const bearerPattern = /^Bearer +([^\s]+)$/i

/** Reads the credential from headers only; two different ones in one request are refused, wherever they are (G4). */
export function readCredential(
  { rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>,
  headers: readonly ('authorization' | 'x-api-key')[],
): Credential {
  let bearer: string | undefined
  let key: string | undefined
  let isMalformed = false
  let isAmbiguous = false
  // Uses the raw header lines: `headers` would silently keep only the first of two Authorization lines.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (name.length !== 'x-api-key'.length && name.length !== 'authorization'.length) continue
    const value = rawHeaders[at + 1] ?? ''
    const lower = name.toLowerCase()
    if (lower === 'authorization') {
      const given = bearerPattern.exec(value)?.[1]
      if (given === undefined) isMalformed = true
      else if (bearer !== undefined && bearer !== given) isAmbiguous = true
      bearer ??= given
    } else if (lower === 'x-api-key' && value !== '') {
      if (key !== undefined && key !== value) isAmbiguous = true
      key ??= value
    }
  }
  if (isMalformed) return { kind: 'malformed' }
  if (isAmbiguous || (bearer !== undefined && key !== undefined && bearer !== key))
    return { kind: 'ambiguous' }
  for (const header of headers) {
    const text = header === 'authorization' ? bearer : key
    if (text !== undefined) return { kind: 'one', text }
  }
  return { kind: 'missing' }
}

async function hold(deps: GateDeps, arrivedMs: number, floorMs: number, endpoint: Endpoint): Promise<void> {
  const lateMs = await holdUntil(deps.clock, arrivedMs + floorMs)
  if (lateMs > 0)
    deps.log.warn('The timing floor was overrun', { route: endpoint.path, lateMs: Math.round(lateMs) })
}
