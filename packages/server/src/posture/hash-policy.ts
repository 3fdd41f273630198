import { sha256Hex, toCanonicalJson } from '@gatehouse/kernel/audit'
import type { Claim } from './define-claim.ts'
import type { PosturePolicy } from './posture-policy.ts'

/**
 * A hash of the claims' sentences and figures. Another hash means another promise, for which older evidence does not
 * count.
 */
export function hashPolicy(claims: readonly Claim[], policy: PosturePolicy): string {
  const sentences = claims.map(({ id, sentence }) => [id, sentence(policy)])
  // Only figures and texts: functions are dropped, and patterns become their text.
  const figures: unknown = JSON.parse(JSON.stringify({ policy, sentences }, toText))
  return sha256Hex(toCanonicalJson(figures))
}

function toText(_name: string, value: unknown): unknown {
  return value instanceof RegExp ? value.source : value
}
