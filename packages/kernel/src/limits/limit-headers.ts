import type { LimitRule } from './limit-rule.ts'
import type { LimitDecision, Standing } from './limit-store.ts'

export type Judged = { readonly rule: LimitRule; readonly decision: LimitDecision }
type Stood = { readonly rule: LimitRule; readonly decision: Extract<LimitDecision, Standing> }

/**
 * The headers that report the limits which judged a request: `RateLimit-Policy` and `RateLimit`
 * (draft-ietf-httpapi-ratelimit-headers-11, one structured-field item per rule), the older `X-RateLimit-*` trio for the
 * tightest rule, with its Reset in seconds from now, and `Retry-After` on a refusal. A rule whose store failed has a
 * policy but no standing.
 */
export function limitHeaders(judged: readonly Judged[]): Record<string, string> {
  const [first] = judged
  if (first === undefined) return {}
  // The most common reply is judged by one rule that admits it: lists and sorting would double its cost.
  if (judged.length === 1 && first.decision.admitted && hasStanding(first))
    return { 'ratelimit-policy': toPolicyItem(first), ratelimit: toLimitItem(first), ...toTrio(first) }
  return {
    'ratelimit-policy': judged.map(toPolicyItem).join(', '),
    ...standingHeaders(judged.filter(hasStanding)),
    ...retryAfterHeader(judged),
  }
}

function standingHeaders(stood: readonly Stood[]): Record<string, string> {
  const tightest = stood.toSorted(tightestFirst)[0]
  if (tightest === undefined) return {}
  return {
    ratelimit: stood.map(toLimitItem).join(', '),
    ...toTrio(tightest),
  }
}

function toTrio({ decision: { limit, remaining, resetSeconds } }: Stood): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(resetSeconds),
  }
}

function retryAfterHeader(judged: readonly Judged[]): Record<string, string> {
  const waits = judged.flatMap(({ decision }) => (decision.admitted ? [] : [decision.retryAfterSeconds]))
  return waits.length === 0 ? {} : { 'retry-after': String(Math.max(...waits)) }
}

function toPolicyItem({ rule }: Judged): string {
  return `"${rule.name}";q=${rule.limit};w=${rule.windowSeconds}`
}

function toLimitItem({ rule, decision }: Stood): string {
  return `"${rule.name}";r=${decision.remaining};t=${decision.resetSeconds}`
}

function hasStanding(judged: Judged): judged is Stood {
  return 'remaining' in judged.decision
}

/** Orders refusals before admissions, then the fewest remaining, then the longest wait. */
function tightestFirst({ decision: a }: Stood, { decision: b }: Stood): number {
  return (
    Number(a.admitted) - Number(b.admitted) || a.remaining - b.remaining || b.resetSeconds - a.resetSeconds
  )
}
