import type { Decision, Domain } from './interaction.ts'

/** What a person signs: exactly one decision, whose bytes can be built again by whoever knows it (specification 9.4). */
export type CanonicalDecision = {
  readonly v: 1
  readonly org_id: string
  readonly operator_id: string
  readonly session_id: string
  readonly domain: Domain
  readonly decision: Decision
  readonly modification_permille: number
  /** SHA-256 of what was shown, by the caller. */
  readonly subject_hash: string | null
  readonly nonce: string
}

/** Stands before the canonical bytes, so that no other text of anybody is signed by the way. */
export const challengePrefix = 'gatehouse.decision.v1:'
