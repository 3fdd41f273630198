import { sha256Hex, toCanonicalJson } from '@gatehouse/kernel/audit'
import type { Claim } from './define-claim.ts'
import type { PosturePolicy } from './posture-policy.ts'

/** What the page says and which figures it says it of: another hash is another promise, and evidence of the old one is none. */
export function hashPolicy(claims: readonly Claim[], policy: PosturePolicy): string {
  const sentences = claims.map(({ id, sentence }) => [id, sentence(policy)])
  // Figures and words alone: functions leave, and patterns are read as their text.
  const figures: unknown = JSON.parse(JSON.stringify({ policy, sentences }, toText))
  return sha256Hex(toCanonicalJson(figures))
}

function toText(_name: string, value: unknown): unknown {
  return value instanceof RegExp ? value.source : value
}
