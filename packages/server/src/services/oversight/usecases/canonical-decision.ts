import { createHash } from 'node:crypto'
import { sha256Hex, toCanonicalJson } from '@gatehouse/kernel/audit'
import { type CanonicalDecision, challengePrefix } from '../domain/canonical-decision.ts'

/** The bytes of a decision, their hash, and what an authenticator is asked to sign. */
export type Challenge = {
  readonly canonical: string
  /** Hex SHA-256. */
  readonly canonicalHash: string
  /** Base64url SHA-256 over prefix and bytes. */
  readonly challenge: string
}

export function toChallenge(decision: CanonicalDecision): Challenge {
  const canonical = toCanonicalJson(decision)
  return {
    canonical,
    canonicalHash: sha256Hex(canonical),
    challenge: createHash('sha256')
      .update(challengePrefix + canonical, 'utf8')
      .digest('base64url'),
  }
}
