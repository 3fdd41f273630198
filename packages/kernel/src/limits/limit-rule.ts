/**
 * At most `limit` requests in any trailing window of `windowSeconds`, counted per key. The figures come from a policy.
 * `name` says which counters are meant and is published in `RateLimit-Policy`: rules that share a name share their
 * counters, so they may differ in `limit` (by plan, say) but not in `windowSeconds`.
 */
export type LimitRule = {
  readonly name: string
  readonly limit: number
  readonly windowSeconds: number
  /** What happens to a request that the store cannot count: 503, or let through uncounted. */
  readonly whenStoreFails: 'refuse' | 'admit'
}

export const limitMax = 1_000_000_000
/** A charge is remembered for 61 sixtieths of its window, and no limiter state lives longer than 2 hours. */
export const windowSecondsMax = 7_080

/** Throws an Error when a policy's rule cannot be kept; the name must stand in a structured-field string as it is. */
export function assertLimitRule({ name, limit, windowSeconds }: LimitRule): void {
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name))
    throw new Error(`Limit rule "${name}": name must be lower-case words joined by "-", at most 64 characters`)
  assertWholeNumber(name, 'limit', limit, limitMax)
  assertWholeNumber(name, 'windowSeconds', windowSeconds, windowSecondsMax)
}

function assertWholeNumber(rule: string, field: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= max) return
  throw new Error(`Limit rule "${rule}": ${field} must be a whole number from 1 to ${max}`)
}
