import type { Decision, Domain } from './interaction.ts'

/** What an operator signs: exactly one decision, whose bytes anybody who knows it can rebuild (specification 9.4). */
export type CanonicalDecision = {
  readonly v: 1
  readonly org_id: string
  readonly operator_id: string
  readonly session_id: string
  readonly domain: Domain
  readonly decision: Decision
  readonly modification_permille: number
  /** SHA-256 of what was shown to the person, computed by the caller. */
  readonly subject_hash: string | null
  readonly nonce: string
}

/** Prefix of the canonical bytes (domain separation), so that a signature cannot be obtained for any other text. */
export const challengePrefix = 'gatehouse.decision.v1:'
