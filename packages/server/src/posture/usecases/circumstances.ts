import { isVerified, type VerifiedClaim } from '../define-claim.ts'
import type { PostureDeps } from '../deps.ts'
import type { Circumstances, LastEvidence } from '../domain/judge-standing.ts'
import type { Evidence } from '../domain/evidence.ts'
import { hashPolicy } from '../hash-policy.ts'

export async function toCircumstances(
  deps: Pick<PostureDeps, 'build' | 'claims' | 'clock' | 'policy'>,
): Promise<Circumstances> {
  return {
    nowMs: deps.clock.now(),
    build: await deps.build(),
    policy: hashPolicy(deps.claims, deps.policy()),
  }
}

/** More than the difference between the clocks of two nodes. */
const aheadMsMax = 60_000

/**
 * The time up to which evidence counts. After the clock has stepped back, evidence from later than now would otherwise
 * stay the newest for as long, and nothing would be due.
 */
export function toUntil(nowMs: number): number {
  return nowMs + aheadMsMax
}

export function listVerified({ claims }: Pick<PostureDeps, 'claims'>): readonly VerifiedClaim[] {
  return claims.filter(isVerified)
}

export function toLast(evidence: Evidence | undefined): LastEvidence | undefined {
  return (
    evidence && {
      verdict: evidence.verdict,
      because: evidence.because,
      figures: evidence.figures,
      endedMs: Date.parse(evidence.ended),
      build: evidence.build,
      policy: evidence.policy,
    }
  )
}
