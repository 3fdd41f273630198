import { asGate } from '@gatehouse/kernel/db'
import { parseEmail } from '@gatehouse/kernel/endpoint'
import * as oidc from 'openid-client'
import type { PlatformDeps } from '../deps.ts'
import { type Arrival, type Claims, judgeClaims } from '../domain/judge-claims.ts'
import type { Language } from '../domain/language.ts'
import type { SignOnRefusal } from '../domain/sign-on-refusal.ts'
import type { Connection } from '../domain/single-sign-on.ts'
import { policy } from '../policy.ts'
import { findIdentity, type Flow, insertProof, takeFlow } from '../store/sso-arrival-store.ts'
import { admitArrival, type Admission } from './admit-arrival.ts'
import { derive, isOwnState, toRedirectUri } from './begin-flow.ts'
import { dismissArrival } from './enter-by-issuer.ts'
import { toConnection } from './find-connection.ts'
import type { Visit } from './open-member-session.ts'
import { asIssuerFault, discoverIssuer, IssuerError } from './reach-issuer.ts'
import { digestToken } from './single-use-token.ts'

export type Finished =
  | Admission
  /** The session got its fresh proof. */
  | { readonly kind: 'proven' }
  | { readonly kind: 'refused'; readonly reason: SignOnRefusal }

const route = 'GET /auth/sso/callback'
const minuteMs = 60_000

/** Finishes a log-in at an issuer. `search` is the query with which the browser was sent back. */
export async function finishSingleSignOn(
  deps: PlatformDeps,
  secret: string | undefined,
  search: string,
  visit: Visit,
  language: Language,
): Promise<Finished> {
  const params = new URLSearchParams(search)
  const begun = secret !== undefined && isOwnState(secret, params.get('state'))
  const flow = begun
    ? await asGate(deps, (tx) => takeFlow(tx, digestToken(secret), deps.clock.now()))
    : undefined
  const refuse = (reason: SignOnRefusal, detail: string = reason): Finished => {
    deps.refusals.note({ orgId: flow?.orgId, ip: visit.ip, route, reason: detail, atMs: deps.clock.now() })
    return { kind: 'refused', reason }
  }
  if (secret === undefined || flow === undefined) return refuse('begun_elsewhere')
  const connection = await toConnection(deps, flow.orgId, flow.issuer)
  if (connection === undefined) return refuse('begun_elsewhere', 'connection_gone')
  let claims: Claims
  try {
    claims = await fetchClaims(deps, connection, flow, secret, search)
  } catch (error) {
    if (!(error instanceof IssuerError)) throw error
    return refuse(error.detail === 'access_denied' ? 'denied' : error.fault, error.message)
  }
  if (flow.proves !== null) return proveSession(deps, connection, flow, claims, refuse)
  const verdict = judgeClaims(claims, connection, readEmail)
  if (verdict.accepted) return admit(deps, verdict.arrival, visit, language, refuse)
  if (verdict.reason === 'no_role' && verdict.subject !== undefined)
    await dismissArrival(deps, { ...connection, subject: verdict.subject })
  return refuse(verdict.reason)
}

async function admit(
  deps: PlatformDeps,
  arrival: Arrival,
  visit: Visit,
  language: Language,
  refuse: (reason: SignOnRefusal) => Finished,
): Promise<Finished> {
  const admission = await admitArrival(deps, arrival, visit, language)
  return admission.kind === 'refused' ? refuse(admission.reason) : admission
}

/**
 * The issuer's claims about the person: those of the signed token first, then those that only its user-info endpoint
 * returns.
 */
async function fetchClaims(
  deps: PlatformDeps,
  connection: Connection,
  flow: Flow,
  secret: string,
  search: string,
): Promise<Claims> {
  const config = await discoverIssuer(deps, connection)
  return asIssuerFault(async () => {
    const tokens = await oidc.authorizationCodeGrant(config, new URL(`${toRedirectUri(deps)}${search}`), {
      pkceCodeVerifier: derive(secret, 'verifier'),
      expectedState: derive(secret, 'state'),
      expectedNonce: derive(secret, 'nonce'),
      idTokenExpected: true,
      // Requires the claim to be present; its age is judged against the moment at which the flow began.
      ...(flow.proves === null ? {} : { maxAge: policy.sso.flowMinutes * 60 }),
    })
    const claims: Claims = tokens.claims() ?? {}
    if (flow.proves !== null) return claims
    const { groupClaim } = connection
    const isWhole = claims['email'] !== undefined && (groupClaim === null || claims[groupClaim] !== undefined)
    if (isWhole || config.serverMetadata().userinfo_endpoint === undefined) return claims
    const more = await oidc.fetchUserInfo(config, tokens.access_token, String(claims['sub']))
    return { ...more, ...claims }
  })
}

/** Proves a session again: it must be the same person at the issuer, and a proof given since it was requested. */
async function proveSession(
  deps: PlatformDeps,
  { orgId, clockSkewSeconds }: Connection,
  { proves, expiresAtMs, issuer }: Flow,
  claims: Claims,
  refuse: (reason: SignOnRefusal) => Finished,
): Promise<Finished> {
  if (proves === null) throw new Error('This flow proves no session')
  const { sub: subject, auth_time: provenAt } = claims
  const askedAtMs = expiresAtMs - policy.sso.flowMinutes * minuteMs
  if (typeof provenAt !== 'number' || provenAt * 1_000 < askedAtMs - clockSkewSeconds * 1_000)
    return refuse('stale_proof')
  const isSame = await asGate(deps, async (tx) => {
    const own = await findIdentity(tx, { orgId, issuer, subject: String(subject) })
    return own === proves.userId
  })
  if (!isSame) return refuse('other_person')
  const until = deps.clock.now() + policy.sso.proofMinutes * minuteMs
  await asGate(deps, (tx) => insertProof(tx, proves, until))
  return { kind: 'proven' }
}

function readEmail(text: string): string | undefined {
  const parsed = parseEmail(text.trim())
  return parsed.accepted ? parsed.address : undefined
}
