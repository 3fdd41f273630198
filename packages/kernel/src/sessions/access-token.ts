import { createSecretKey, type KeyObject } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import type { VersionedKeys } from '../secrets/index.ts'

export type AccessClaims = {
  readonly userId: string
  readonly orgId: string
  readonly sessionId: string
  readonly tokenId: string
  readonly issuedAtMs: number
}

export type AccessTokens = {
  /** A token that is good for 15 minutes (S2). */
  readonly sign: (claims: AccessClaims) => Promise<string>
  /** Undefined for anything that is not a token of ours, whole, unchanged and in time. */
  readonly verify: (text: string, nowMs: number) => Promise<AccessClaims | undefined>
}

export const accessTokenSeconds = 900

const tokenType = 'at+jwt'
const algorithm = 'HS256'
const issuer = 'gatehouse'
const audience = 'gatehouse'

/** JWTs (RFC 9068, RFC 7519) under HS256; the key id chooses the key, and the algorithm is fixed. */
export function createAccessTokens(keys: VersionedKeys): AccessTokens {
  const byId = new Map<string, KeyObject>()
  for (const [version, bytes] of keys.versions) byId.set(`jwt-${version}`, createSecretKey(bytes))
  const currentId = `jwt-${keys.current}`
  const current = byId.get(currentId)
  if (current === undefined) throw new Error('The current token key is not held')

  return {
    sign: ({ userId, orgId, sessionId, tokenId, issuedAtMs }) =>
      // A fraction of a second is kept, so that "issued before" is exact to the millisecond.
      new SignJWT({
        org: orgId,
        sid: sessionId,
        iat: issuedAtMs / 1000,
        exp: issuedAtMs / 1000 + accessTokenSeconds,
      })
        .setProtectedHeader({ alg: algorithm, typ: tokenType, kid: currentId })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setJti(tokenId)
        .sign(current),
    verify: async (text, nowMs) => {
      if (!isStrict(text)) return undefined
      try {
        const { payload } = await jwtVerify(text, ({ kid }) => keyFor(byId, kid), {
          algorithms: [algorithm],
          typ: tokenType,
          issuer,
          audience,
          currentDate: new Date(nowMs),
          requiredClaims: ['sub', 'org', 'sid', 'jti', 'iat', 'exp'],
        })
        const { sub, org, sid, jti, iat, exp } = payload
        if (
          typeof sub !== 'string' ||
          typeof org !== 'string' ||
          typeof sid !== 'string' ||
          typeof jti !== 'string'
        )
          return undefined
        // jose compares whole seconds; a token is not good for the rest of its last one.
        if (typeof iat !== 'number' || typeof exp !== 'number' || exp * 1000 <= nowMs) return undefined
        return { userId: sub, orgId: org, sessionId: sid, tokenId: jti, issuedAtMs: Math.round(iat * 1000) }
      } catch {
        // Every way in which jose refuses a token ends in the same refusal here.
        return undefined
      }
    },
  }
}

function keyFor(byId: ReadonlyMap<string, KeyObject>, kid: string | undefined): KeyObject {
  const key = byId.get(kid ?? '')
  if (key === undefined) throw new Error('No key has this id')
  return key
}

/** Three parts of canonical base64url: no padding, no blanks, no spare bits that two texts could differ in. */
function isStrict(text: string): boolean {
  const parts = text.split('.')
  return (
    parts.length === 3 &&
    parts.every((part) => part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part)
  )
}
