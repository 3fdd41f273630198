import { SignJWT } from 'jose'
import type { VersionedKeys } from '../secrets/index.ts'
import { createTokenKeys, type TokenShape, verifyToken } from './token-keys.ts'

export type SudoClaims = { readonly userId: string; readonly sessionId: string }

export type SudoTokens = {
  /** Signs a token that proves a fresh authentication of its session, valid for 15 minutes (S7). */
  readonly sign: (claims: SudoClaims & { readonly issuedAtMs: number }) => Promise<string>
  /** True only for an unexpired token of this server that was made for this person and session. */
  readonly verify: (text: string, claims: SudoClaims, nowMs: number) => Promise<boolean>
}

export const sudoTokenSeconds = 900

const shape: TokenShape = {
  type: 'sudo+jwt',
  lifetimeSeconds: sudoTokenSeconds,
  claims: ['sid', 'iat', 'exp', 'sub'],
}

/** Short-lived JWTs (RFC 7519) under the keys of access tokens, distinguished from those by their type. */
export function createSudoTokens(versioned: VersionedKeys): SudoTokens {
  const keys = createTokenKeys(versioned)
  return {
    sign: ({ userId, sessionId, issuedAtMs }) =>
      keys.seal(
        shape.type,
        new SignJWT({
          sid: sessionId,
          iat: issuedAtMs / 1000,
          exp: issuedAtMs / 1000 + sudoTokenSeconds,
        }).setSubject(userId),
      ),
    verify: async (text, { userId, sessionId }, nowMs) => {
      const payload = await verifyToken(keys, shape, text, nowMs)
      return payload?.sub === userId && payload['sid'] === sessionId
    },
  }
}
