import { createHash } from 'node:crypto'
import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { endSession } from '@gatehouse/kernel/sessions'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose'
import { z } from 'zod'
import type { PlatformDeps } from '../deps.ts'
import type { Claims } from '../domain/judge-claims.ts'
import { judgeLogoutToken, type LogoutVerdict } from '../domain/judge-logout-token.ts'
import type { Connection } from '../domain/single-sign-on.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import {
  deleteArrivals,
  insertLogoutToken,
  listOrgsOfIssuer,
  listSsoSessions,
} from '../store/sso-arrival-store.ts'
import { findInstanceConnection, toOwnConnection } from './find-connection.ts'
import type { Visit } from './open-member-session.ts'
import { discoverIssuer, fetchFromIssuer, IssuerError } from './reach-issuer.ts'

type Accepted = Extract<LogoutVerdict, { readonly accepted: true }>

const route = 'POST /auth/sso/backchannel-logout'
/** Only asymmetric algorithms: with a symmetric one, the client secret could be used to forge tokens of the issuer. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) })

/**
 * Ends the sessions that an issuer opened for somebody, on every node, when it sends a logout token (OpenID Connect
 * Back-Channel Logout 1.0). The issuer only hears that a token is invalid; the audit log records why.
 */
export async function endSessionsByIssuer(
  deps: PlatformDeps,
  token: string | undefined,
  { ip }: Pick<Visit, 'ip'>,
): Promise<void> {
  const refuse = (reason: string, orgId?: string): Error => {
    deps.refusals.note({ orgId, ip, route, reason, atMs: deps.clock.now() })
    return problems.VALIDATION_ERROR({
      fields: [{ field: 'logout_token', message: 'is not a valid log-out token' }],
    })
  }
  const claims = token === undefined ? undefined : readUnproven(token)
  if (token === undefined || claims === undefined) throw refuse('logout_token_malformed')
  const connections = await listConnections(deps, claims)
  if (connections.length === 0) throw refuse('logout_token_issuer_unknown')
  for (const connection of connections) {
    const { orgId } = connection
    const verdict = judge(deps, claims, connection)
    // Judged before any request to the issuer, so that only a plausible token can cause one.
    if (!verdict.accepted) throw refuse(`logout_token_${verdict.reason}`, orgId)
    const fault = await findFault(deps, connection, token)
    if (fault !== undefined) throw refuse(fault, orgId)
    if (!(await endSessions(deps, connection, verdict))) throw refuse('logout_token_replayed', orgId)
  }
}

function readUnproven(token: string): Claims | undefined {
  try {
    const { typ } = decodeProtectedHeader(token)
    const type = typ?.toLowerCase().replace(/^application\//, '')
    return type === undefined || type === 'jwt' || type === 'logout+jwt' ? decodeJwt(token) : undefined
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined
    throw error
  }
}

/** The connections that the token may be meant for: with its issuer, and with a client that it names. */
async function listConnections(deps: PlatformDeps, { iss, aud }: Claims): Promise<readonly Connection[]> {
  if (typeof iss !== 'string') return []
  const orgIds = await asGate(deps, (tx) => listOrgsOfIssuer(tx, iss))
  const own = await Promise.all(orgIds.map((orgId) => toOwnConnection(deps, orgId)))
  const ofInstance = await findInstanceConnection(deps)
  const known = [...own, ...(ofInstance?.issuer === iss ? [ofInstance] : [])]
  return known.filter((one) => one !== undefined).filter(({ clientId }) => [aud].flat().includes(clientId))
}

function judge(deps: PlatformDeps, claims: Claims, { issuer, clientId, clockSkewSeconds }: Connection) {
  const { logoutTokenAgeSecondsMax: ageSecondsMax, logoutTokenHoursMax } = policy.sso
  const lifetimeSecondsMax = logoutTokenHoursMax * 3_600
  const rules = { issuer, clientId, clockSkewSeconds, ageSecondsMax, lifetimeSecondsMax }
  return judgeLogoutToken(claims, rules, deps.clock.now())
}

/** Verifies the signature of the token; undefined when a key of the issuer signed it. */
async function findFault(
  deps: PlatformDeps,
  connection: Connection,
  token: string,
): Promise<string | undefined> {
  try {
    const config = await discoverIssuer(deps, connection)
    const { jwks_uri: place } = config.serverMetadata()
    if (place === undefined) return 'issuer_answer_invalid: jwks_uri'
    const parsed = keySet.safeParse(await fetchFromIssuer(deps, connection, place))
    if (!parsed.success) return 'issuer_answer_invalid: jwks'
    const keys = createLocalJWKSet(parsed.data)
    const currentDate = new Date(deps.clock.now())
    await jwtVerify(token, keys, { algorithms, currentDate, clockTolerance: connection.clockSkewSeconds })
    return undefined
  } catch (error) {
    if (error instanceof IssuerError) return error.message
    if (error instanceof errors.JOSEError) return `logout_token_unproven: ${error.code.toLowerCase()}`
    throw error
  }
}

/** False when the token was used before. */
async function endSessions(
  deps: PlatformDeps,
  { orgId, issuer }: Connection,
  { tokenId, expiresAtMs, subject, sid }: Accepted,
): Promise<boolean> {
  const digest = createHash('sha256').update(`${issuer} ${tokenId}`).digest()
  await asGate(deps, (tx) => deleteArrivals(tx, { orgId, issuer }, { subject, sid }))
  return mutate(deps, { kind: 'system', orgId, because: 'back-channel log-out' }, async (tx) => {
    const now = deps.clock.now()
    const entry = { action: 'sso.log_out', resourceId: orgId, at: now } as const
    if (!(await insertLogoutToken(tx, digest, expiresAtMs)))
      return { result: false, entry: { ...entry, outcome: 'refused', reason: 'replay' } }
    const ended: string[] = []
    for (const { sessionId, userId } of await listSsoSessions(tx, issuer, { subject, sid }))
      if (await endSession(tx, userId, sessionId, 'backchannel_logout', now)) ended.push(sessionId)
    return { result: true, entry: { ...entry, detail: { issuer, sessions: ended } } }
  })
}
