import { type RequestContext, WithHeaders } from '@gatehouse/kernel/endpoint'
import { refreshTokenMs } from '@gatehouse/kernel/sessions'
import type { Secret } from '@gatehouse/kernel/secrets'
import type { PlatformDeps } from '../deps.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'

/** The `__Host-` prefix makes the browser require Secure, Path=/ and no Domain (RFC 6265bis §4.1.3.2). */
const cookieName = '__Host-gatehouse-refresh'
const attributes = 'Path=/; HttpOnly; Secure; SameSite=Strict'

type Header = Pick<RequestContext, 'header'>

/**
 * Whether the client wants the refresh token in a cookie that no script can read (S8); a browser says so with
 * `X-Gatehouse-Session: cookie`.
 */
export function keepsCookie({ header }: Header): boolean {
  return header('x-gatehouse-session') === 'cookie'
}

/**
 * Makes the reply that contains a refresh token: in the body, or only in a cookie for a client that uses one. Every
 * endpoint that opens or continues a session uses it.
 */
export function handOver<T extends object>(
  reply: T,
  refreshToken: Secret,
  inCookie: boolean,
): (T & { refreshToken: string }) | WithHeaders<T> {
  if (!inCookie) return { ...reply, refreshToken: refreshToken.reveal() }
  const cookie = toRefreshCookie(refreshToken.reveal(), refreshTokenMs / 1000)
  return new WithHeaders(reply, { 'set-cookie': cookie, 'cache-control': 'no-store' })
}

export function toRefreshCookie(refreshToken: string, seconds: number): string {
  return `${cookieName}=${refreshToken}; ${attributes}; Max-Age=${seconds}`
}

const flowCookieName = '__Host-gatehouse-sign-on'
/** Lax: the cookie must be sent when another site redirects the person back. */
const flowAttributes = 'Path=/; HttpOnly; Secure; SameSite=Lax'

/** The cookie that binds the return from an issuer to the browser that was sent there. */
export function flowCookie(secret: string): string {
  return `${flowCookieName}=${secret}; ${flowAttributes}; Max-Age=${policy.sso.flowMinutes * 60}`
}

export const forgetFlowCookie = `${flowCookieName}=; ${flowAttributes}; Max-Age=0`

export function readFlowCookie(context: Header): string | undefined {
  const secret = readCookie(context, flowCookieName)
  return secret !== undefined && /^[A-Za-z0-9_-]{43}$/.test(secret) ? secret : undefined
}

/** Deletes the cookie of a browser that has one. */
export function forgetCookie<T>(reply: T, context: Header): T | WithHeaders<T> {
  if (readCookie(context, cookieName) === undefined) return reply
  return new WithHeaders(reply, { 'set-cookie': `${cookieName}=; ${attributes}; Max-Age=0` })
}

/**
 * The refresh token in the cookie, only for a page of this server: a request that relies on the cookie must have an
 * Origin.
 */
export function takeRefreshCookie(
  deps: Pick<PlatformDeps, 'publicUrl'>,
  context: Header,
): string | undefined {
  const text = readCookie(context, cookieName)
  if (text !== undefined && !isOwnOrigin(context, deps.publicUrl()))
    throw problems.FORBIDDEN({
      detail: 'A request with the session cookie must come from a page of this server',
    })
  return text
}

function readCookie({ header }: Header, name: string): string | undefined {
  const pairs = (header('cookie') ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}

/**
 * Whether the Origin is this server's: the public URL, or the host of the request, since people may use more than one
 * name of the server.
 */
function isOwnOrigin({ header }: Header, publicUrl: string): boolean {
  const given = URL.parse(header('origin') ?? '')
  if (given === null) return false
  const own = new URL(publicUrl)
  if (given.origin === own.origin) return true
  // A page that was loaded without TLS is never trusted by a server that is reached over TLS.
  const isSafe = given.protocol === 'https:' || own.protocol === 'http:'
  return isSafe && given.host === header('host')
}
