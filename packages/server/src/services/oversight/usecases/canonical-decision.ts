import { createHash } from 'node:crypto'
import { sha256Hex, toCanonicalJson } from '@gatehouse/kernel/audit'
import { type CanonicalDecision, challengePrefix } from '../domain/canonical-decision.ts'

/** The canonical bytes of a decision, their hash, and the challenge for an authenticator. */
export type Challenge = {
  readonly canonical: string
  /** SHA-256 in hexadecimal. */
  readonly canonicalHash: string
  /** SHA-256 over prefix and bytes, base64url. */
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
