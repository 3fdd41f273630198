import type { LimitDecision, LimitRule } from './limit-store.ts'

/**
 * What a reply says of the limits that counted it: `RateLimit-Policy` and `RateLimit` as structured fields (IETF
 * draft-ietf-httpapi-ratelimit-headers), the older `X-RateLimit-*` trio for the tightest rule, and `Retry-After` on a
 * refusal.
 */
export function limitHeaders(
  counted: readonly { readonly rule: LimitRule; readonly decision: LimitDecision }[],
): Record<string, string> {
  const [first, ...others] = counted
  if (first === undefined) return {}
  const tightest = others.reduce((a, b) => (b.decision.remaining < a.decision.remaining ? b : a), first)
  const { decision } = tightest
  const headers: Record<string, string> = {
    'ratelimit-policy': counted.map(({ rule }) => `"${rule.name}";q=${rule.limit};w=${rule.windowSeconds}`).join(', '),
    ratelimit: counted.map(toItem).join(', '),
    'x-ratelimit-limit': String(decision.limit),
    'x-ratelimit-remaining': String(decision.remaining),
    'x-ratelimit-reset': String(decision.resetSeconds),
  }
  if (!decision.admitted) headers['retry-after'] = String(decision.retryAfterSeconds)
  return headers
}

function toItem({ rule, decision }: { readonly rule: LimitRule; readonly decision: LimitDecision }): string {
  return `"${rule.name}";r=${decision.remaining};t=${decision.resetSeconds}`
}
