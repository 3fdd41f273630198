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
  /** Where the browser goes. */
  readonly url: string
  /** What it keeps in its cookie: all that the way back is bound to follows from this. */
  readonly secret: string
}

export type FlowWishes = {
  readonly loginHint?: string | undefined
  readonly language: string
  readonly proves: Flow['proves']
}

const minuteMs = 60_000

/** Sends somebody to the issuer of a connection. Throws an IssuerError. */
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
    // Some issuers say a person's groups only to those who ask for a scope of that name.
    scope: ['openid', 'email', 'profile', ...scopes.filter((scope) => scope === groupClaim)].join(' '),
    state: derive(secret, 'state'),
    nonce: derive(secret, 'nonce'),
    code_challenge: createHash('sha256').update(derive(secret, 'verifier')).digest('base64url'),
    code_challenge_method: 'S256',
    ui_locales: language,
    ...(loginHint === undefined ? {} : { login_hint: loginHint }),
    // Whoever proves a session anew types their proof once more.
    ...(proves === null ? {} : { prompt: 'login', max_age: '0' }),
  })
  const expiresAtMs = deps.clock.now() + policy.sso.flowMinutes * minuteMs
  await asGate(deps, (tx) => insertFlow(tx, digestToken(secret), { orgId, issuer, proves, expiresAtMs }))
  return { url: url.href, secret }
}

/** The browser is redirected there, so it has to be a page, over https unless the issuer itself is reached over http. */
function assertLeadsOn({ issuer }: Connection, endpoint: string | undefined): void {
  const protocol = URL.parse(endpoint ?? '')?.protocol
  if (protocol === 'https:' || (protocol === 'http:' && issuer.startsWith('http:'))) return
  throw new IssuerError('issuer_answer_invalid', 'authorization_endpoint')
}

/** State, nonce and verifier (RFC 7636) of a flow: each 256 bits that only the cookie's holder can know. */
export function derive(secret: string, what: 'state' | 'nonce' | 'verifier'): string {
  return createHmac('sha256', secret).update(what).digest('base64url')
}

/** Whether the state came back to the browser that began. */
export function isOwnState(secret: string, state: string | null): boolean {
  const [own, given] = [derive(secret, 'state'), state ?? ''].map((text) =>
    createHash('sha256').update(text).digest(),
  )
  return own !== undefined && given !== undefined && timingSafeEqual(own, given)
}

export function toRedirectUri({ publicUrl }: Pick<PlatformDeps, 'publicUrl'>): string {
  return `${publicUrl()}/auth/sso/callback`
}
