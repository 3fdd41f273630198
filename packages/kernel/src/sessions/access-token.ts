import { SignJWT } from 'jose'
import type { VersionedKeys } from '../secrets/index.ts'
import { createTokenKeys, type TokenShape, verifyToken } from './token-keys.ts'

export type AccessClaims = {
  readonly userId: string
  readonly orgId: string
  readonly sessionId: string
  readonly tokenId: string
  readonly issuedAtMs: number
}

export type AccessTokens = {
  /** Signs a token, which is valid for 15 minutes (S2). */
  readonly sign: (claims: AccessClaims) => Promise<string>
  /** The claims of a token; undefined unless this server made it, and it is complete, unchanged and not expired. */
  readonly verify: (text: string, nowMs: number) => Promise<AccessClaims | undefined>
}

export const accessTokenSeconds = 900

const shape: TokenShape = {
  type: 'at+jwt',
  lifetimeSeconds: accessTokenSeconds,
  claims: ['org', 'sid', 'iat', 'exp', 'sub', 'jti'],
}

/** JWTs (RFC 9068, RFC 7519) with HS256; the key id selects the key, and the algorithm is fixed. */
export function createAccessTokens(versioned: VersionedKeys): AccessTokens {
  const keys = createTokenKeys(versioned)
  return {
    sign: ({ userId, orgId, sessionId, tokenId, issuedAtMs }) =>
      keys.seal(
        shape.type,
        // Fractions of a second are kept, so that "issued before" is exact to the millisecond.
        new SignJWT({
          org: orgId,
          sid: sessionId,
          iat: issuedAtMs / 1000,
          exp: issuedAtMs / 1000 + accessTokenSeconds,
        })
          .setSubject(userId)
          .setJti(tokenId),
      ),
    verify: async (text, nowMs) => {
      const payload = await verifyToken(keys, shape, text, nowMs)
      if (payload === undefined) return undefined
      const { sub, org, sid, jti, iat } = payload
      if (
        typeof sub !== 'string' ||
        typeof org !== 'string' ||
        typeof sid !== 'string' ||
        typeof jti !== 'string' ||
        typeof iat !== 'number'
      )
        return undefined
      return { userId: sub, orgId: org, sessionId: sid, tokenId: jti, issuedAtMs: Math.round(iat * 1000) }
    },
  }
}
