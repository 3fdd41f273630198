import { type Egress, EgressError, judgeAddress, type TargetVerdict } from '@gatehouse/kernel/egress'
import * as oidc from 'openid-client'
import type { PlatformDeps } from '../deps.ts'
import type { Connection, IssuerFault } from '../domain/single-sign-on.ts'
import { policy } from '../policy.ts'

type ReachDeps = Pick<PlatformDeps, 'egress' | 'clock'>

/**
 * A log-in that failed because of the issuer. `detail` is a name from a standard or of our own, never text from an
 * answer.
 */
export class IssuerError extends Error {
  override readonly name = 'IssuerError'
  readonly fault: IssuerFault
  readonly detail: string | undefined

  constructor(fault: IssuerFault, detail?: string, cause?: unknown) {
    super(detail === undefined ? fault : `${fault}: ${detail}`, cause === undefined ? undefined : { cause })
    this.fault = fault
    this.detail = detail
  }
}

/**
 * Whether a URL may be an issuer: judges its spelling and, for an address, the address; plain http only to addresses
 * that the operator allows.
 */
export function judgeIssuerUrl(egress: Pick<Egress, 'judgeTarget'>, url: string): TargetVerdict {
  return judgeScheme(egress.judgeTarget(url, policy.sso.egress))
}

/** Like `judgeIssuerUrl`, and for a name also what it resolves to now, for a user who is saving it. */
export async function judgeIssuerUrlNow(
  egress: Pick<Egress, 'judgeTargetNow'>,
  url: string,
): Promise<TargetVerdict> {
  return judgeScheme(await egress.judgeTargetNow(url, policy.sso.egress))
}

function judgeScheme(verdict: TargetVerdict): TargetVerdict {
  if (!verdict.accepted || verdict.target.scheme === 'https') return verdict
  const { literal, hostname } = verdict.target
  // The address is special, so it was accepted only because the operator allows it.
  if (literal && !judgeAddress(hostname).allowed) return verdict
  return { accepted: false, reason: 'scheme', sentence: 'The scheme must be https.' }
}

/**
 * The issuer's metadata, fetched for each log-in: log-ins are few, and a change at the issuer then has effect
 * immediately. Throws an IssuerError.
 */
export async function discoverIssuer(deps: ReachDeps, connection: Connection): Promise<oidc.Configuration> {
  const { orgId, issuer, clientId, clientSecret, clockSkewSeconds } = connection
  const server = new URL(issuer)
  const clocks = {
    [oidc.clockTolerance]: clockSkewSeconds,
    // The library reads this process's clock, but the database's clock decides for all nodes.
    [oidc.clockSkew]: Math.round((deps.clock.now() - Date.now()) / 1_000),
  }
  const metadata = { client_secret: clientSecret.reveal(), ...clocks }
  return asIssuerFault(async () => {
    const config = await oidc.discovery(
      server,
      clientId,
      metadata,
      authenticateClient(clientSecret.reveal()),
      {
        [oidc.customFetch]: throughEgress(deps.egress.forOrg(orgId)),
        execute: [
          ...(server.protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
          // Verifies the token's signature, although the token came directly from the issuer.
          oidc.enableNonRepudiationChecks,
        ],
      },
    )
    const { issuer: named } = config.serverMetadata()
    // The library makes exceptions for multi-tenant issuers, any tenant of which could then vouch for people.
    if (new URL(named).href !== server.href) throw new IssuerError('issuer_mismatch')
    return config
  }).catch((error: unknown) => {
    // No token has been verified yet, so it is the document that is invalid.
    if (error instanceof IssuerError && error.fault === 'token_invalid')
      throw new IssuerError('issuer_answer_invalid', error.detail, error)
    throw error
  })
}

/** Fetches a JSON document of the issuer, such as its keys. Throws an IssuerError. */
export async function fetchFromIssuer(
  { egress }: ReachDeps,
  { orgId }: Pick<Connection, 'orgId'>,
  url: string,
): Promise<unknown> {
  return asIssuerFault(async () => {
    const ask = throughEgress(egress.forOrg(orgId))
    const response = await ask(url, {
      method: 'GET',
      headers: { accept: 'application/json' },
      body: undefined,
      redirect: 'manual',
    })
    if (response.status !== 200) throw new IssuerError('issuer_answer_invalid', 'status')
    try {
      return await response.json()
    } catch (error) {
      throw new IssuerError('issuer_answer_invalid', 'json', error)
    }
  })
}

/** Authenticates the client by the method that the issuer supports; by default that of RFC 6749 §2.3.1. */
function authenticateClient(secret: string): oidc.ClientAuth {
  const basic = oidc.ClientSecretBasic(secret)
  const post = oidc.ClientSecretPost(secret)
  return (as, client, body, headers) => {
    const supported = as.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const method = supported.includes('client_secret_basic') ? basic : post
    return method(as, client, body, headers)
  }
}

/**
 * Sends every request to an issuer through the kernel's egress: only to permitted addresses, bounded in time and size.
 */
function throughEgress(egress: Egress): oidc.CustomFetch {
  return async (url, { method, headers, body, signal }) => {
    const verdict = judgeIssuerUrl(egress, url)
    if (!verdict.accepted) throw new IssuerError('issuer_forbidden', verdict.reason)
    const sent = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'user-agent')
    const response = await egress.request({
      url,
      policy: policy.sso.egress,
      method: method === 'POST' ? 'POST' : 'GET',
      headers: Object.fromEntries(sent),
      ...(body instanceof URLSearchParams || typeof body === 'string' ? { body: body.toString() } : {}),
      readBody: { bytesMax: policy.sso.egress.bodyBytesMax, whenOver: 'refuse' },
      ...(signal === undefined ? {} : { signal }),
    })
    const { status, headers: received } = response
    if (status < 200 || status > 599) throw new IssuerError('issuer_answer_invalid', 'status')
    const answered = new Headers()
    for (const name of ['content-type', 'www-authenticate', 'date']) {
      const value = received[name]
      if (typeof value === 'string') answered.set(name, value)
    }
    const isEmpty = status === 204 || status === 205 || status === 304
    return new Response(isEmpty ? null : new Uint8Array(response.body ?? []), { status, headers: answered })
  }
}

/** Translates the library's errors about an issuer into our classes. */
export async function asIssuerFault<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toIssuerError(error)
  }
}

function toIssuerError(error: unknown): unknown {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof IssuerError) return cause
    if (cause instanceof EgressError) return new IssuerError(toFault(cause), cause.code, error)
  }
  if (error instanceof oidc.AuthorizationResponseError)
    return new IssuerError('issuer_refused', toName(error.error), error)
  if (error instanceof oidc.ResponseBodyError) {
    const fault = error.error === 'invalid_client' ? 'client_refused' : 'issuer_refused'
    return new IssuerError(fault, toName(error.error), error)
  }
  if (error instanceof oidc.WWWAuthenticateChallengeError)
    return new IssuerError('client_refused', undefined, error)
  // Invalid text where a URL is required causes a TypeError.
  if (error instanceof TypeError) return new IssuerError('issuer_answer_invalid', 'malformed', error)
  if (error instanceof oidc.ClientError) {
    const { code } = error
    return new IssuerError(faultsByCode[code ?? ''] ?? 'token_invalid', code?.toLowerCase(), error)
  }
  return error
}

function toFault({ code }: EgressError): IssuerFault {
  switch (code) {
    case 'target_forbidden':
      return 'issuer_forbidden'
    case 'connect_timeout':
    case 'tls_timeout':
    case 'response_timeout':
      return 'issuer_slow'
    case 'invalid_http':
    case 'headers_too_large':
    case 'body_too_large':
      return 'issuer_answer_invalid'
    case 'dns_not_found':
    case 'dns_failed':
    case 'connect_refused':
    case 'connection_reset':
    case 'network_unreachable':
    case 'tls_expired':
    case 'tls_name_mismatch':
    case 'tls_untrusted':
    case 'tls_protocol':
      return 'issuer_unreachable'
  }
}

/** The faults by the error codes of oauth4webapi. */
const faultsByCode: Readonly<Record<string, IssuerFault>> = {
  OAUTH_PARSE_ERROR: 'issuer_answer_invalid',
  OAUTH_RESPONSE_IS_NOT_JSON: 'issuer_answer_invalid',
  OAUTH_RESPONSE_IS_NOT_CONFORM: 'issuer_answer_invalid',
  OAUTH_MISSING_SERVER_METADATA: 'issuer_answer_invalid',
  OAUTH_INVALID_SERVER_METADATA: 'issuer_answer_invalid',
  OAUTH_INVALID_RESPONSE: 'token_invalid',
  OAUTH_HTTP_REQUEST_FORBIDDEN: 'issuer_forbidden',
  OAUTH_REQUEST_PROTOCOL_FORBIDDEN: 'issuer_forbidden',
  OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED: 'issuer_mismatch',
  OAUTH_JWT_TIMESTAMP_CHECK_FAILED: 'clock_differs',
  OAUTH_JWT_CLAIM_COMPARISON_FAILED: 'token_invalid',
  OAUTH_KEY_SELECTION_FAILED: 'key_unknown',
  OAUTH_UNSUPPORTED_OPERATION: 'token_invalid',
  OAUTH_TIMEOUT: 'issuer_slow',
  OAUTH_ABORT: 'issuer_slow',
}

/** Error names of RFC 6749 §4.1.2.1 are short tokens; anything else is not repeated. */
function toName(error: string): string | undefined {
  return /^[a-z_]{1,40}$/.test(error) ? error : undefined
}
