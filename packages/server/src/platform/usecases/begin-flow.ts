import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { asGate } from '@gatehouse/kernel/db'
import * as oidc from 'openid-client'
import type { PlatformDeps } from '../deps.ts'
import type { Connection } from '../domain/single-sign-on.ts'
import { policy } from '../policy.ts'
import { type Flow, insertFlow } from '../store/sso-arrival-store.ts'
import { discoverIssuer, IssuerError } from './reach-issuer.ts'
import { digestToken } from './single-use-token.ts'

export type BegunFlow = {
  /** The URL that the browser is sent to. */
  readonly url: string
  /** The secret for the browser's cookie; everything that the return is bound to is derived from it. */
  readonly secret: string
}

export type FlowWishes = {
  readonly loginHint?: string | undefined
  readonly language: string
  readonly proves: Flow['proves']
}

const minuteMs = 60_000

/** Starts a log-in at the issuer of a connection. Throws an IssuerError. */
export async function beginFlow(
  deps: PlatformDeps,
  connection: Connection,
  { loginHint, language, proves }: FlowWishes,
): Promise<BegunFlow> {
  const config = await discoverIssuer(deps, connection)
  assertLeadsOn(connection, config.serverMetadata().authorization_endpoint)
  const secret = deps.randomBytes(32).toString('base64url')
  const scopes = config.serverMetadata().scopes_supported ?? []
  const { groupClaim, orgId, issuer } = connection
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: toRedirectUri(deps),
    // Some issuers return a person's groups only if a scope with that name is requested.
    scope: ['openid', 'email', 'profile', ...scopes.filter((scope) => scope === groupClaim)].join(' '),
    state: derive(secret, 'state'),
    nonce: derive(secret, 'nonce'),
    code_challenge: createHash('sha256').update(derive(secret, 'verifier')).digest('base64url'),
    code_challenge_method: 'S256',
    ui_locales: language,
    ...(loginHint === undefined ? {} : { login_hint: loginHint }),
    // A fresh proof requires that the person authenticates at the issuer again.
    ...(proves === null ? {} : { prompt: 'login', max_age: '0' }),
  })
  const expiresAtMs = deps.clock.now() + policy.sso.flowMinutes * minuteMs
  await asGate(deps, (tx) => insertFlow(tx, digestToken(secret), { orgId, issuer, proves, expiresAtMs }))
  return { url: url.href, secret }
}

/**
 * Throws unless the browser can be redirected there: it must be a web page, over https unless the issuer itself uses
 * http.
 */
function assertLeadsOn({ issuer }: Connection, endpoint: string | undefined): void {
  const protocol = URL.parse(endpoint ?? '')?.protocol
  if (protocol === 'https:' || (protocol === 'http:' && issuer.startsWith('http:'))) return
  throw new IssuerError('issuer_answer_invalid', 'authorization_endpoint')
}

/** Derives state, nonce or verifier (RFC 7636) of a flow: 256 bits each, known only to the holder of the cookie. */
export function derive(secret: string, what: 'state' | 'nonce' | 'verifier'): string {
  return createHmac('sha256', secret).update(what).digest('base64url')
}

/** Whether the state belongs to the browser that started the flow. */
export function isOwnState(secret: string, state: string | null): boolean {
  const [own, given] = [derive(secret, 'state'), state ?? ''].map((text) =>
    createHash('sha256').update(text).digest(),
  )
  return own !== undefined && given !== undefined && timingSafeEqual(own, given)
}

export function toRedirectUri({ publicUrl }: Pick<PlatformDeps, 'publicUrl'>): string {
  return `${publicUrl()}/auth/sso/callback`
}
