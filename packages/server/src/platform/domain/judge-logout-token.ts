import type { Claims } from './judge-claims.ts'

export type LogoutRules = {
  readonly issuer: string
  readonly clientId: string
  readonly clockSkewSeconds: number
  readonly ageSecondsMax: number
  readonly lifetimeSecondsMax: number
}

export type LogoutVerdict =
  | {
      readonly accepted: true
      readonly tokenId: string
      readonly expiresAtMs: number
      readonly subject: string | null
      readonly sid: string | null
    }
  | {
      readonly accepted: false
      readonly reason: 'issuer' | 'audience' | 'time' | 'id' | 'events' | 'nonce' | 'whom'
    }

const event = 'http://schemas.openid.net/event/backchannel-logout'
const textMax = 255

/** Judges a logout token by OpenID Connect Back-Channel Logout 1.0 §2.6; its signature is verified elsewhere. */
export function judgeLogoutToken(claims: Claims, rules: LogoutRules, nowMs: number): LogoutVerdict {
  const { iss, aud, iat, exp, jti, events, sub, sid } = claims
  const refuse = (reason: Extract<LogoutVerdict, { accepted: false }>['reason']) =>
    ({ accepted: false, reason }) as const
  if (iss !== rules.issuer) return refuse('issuer')
  if (![aud].flat().includes(rules.clientId)) return refuse('audience')
  const now = nowMs / 1_000
  if (typeof iat !== 'number' || typeof exp !== 'number') return refuse('time')
  const isFresh =
    iat <= now + rules.clockSkewSeconds && iat > now - rules.ageSecondsMax - rules.clockSkewSeconds
  const isAlive = exp > now - rules.clockSkewSeconds && exp <= iat + rules.lifetimeSecondsMax
  if (!isFresh || !isAlive) return refuse('time')
  if (!isText(jti)) return refuse('id')
  if (!isObject(events) || !isObject(events[event])) return refuse('events')
  // A token with a nonce could be an ID token that is passed off as a logout token.
  if ('nonce' in claims) return refuse('nonce')
  const [subject, session] = [sub ?? null, sid ?? null]
  if ((subject !== null && !isText(subject)) || (session !== null && !isText(session))) return refuse('whom')
  if (subject === null && session === null) return refuse('whom')
  const expiresAtMs = (exp + rules.clockSkewSeconds) * 1_000
  return { accepted: true, tokenId: jti, expiresAtMs, subject, sid: session }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= textMax
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
