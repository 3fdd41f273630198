/**
 * At most `limit` requests in any trailing window of `windowSeconds`, counted per subject. The figures come from a
 * policy. Rules that share `name` and `windowSeconds` share their counters, and may differ in `limit`, by plan say.
 */
export type LimitRule = {
  /** The name in `RateLimit-Policy`. */
  readonly name: string
  readonly limit: number
  readonly windowSeconds: number
  /** What to do with a request that the store cannot count: refuse it with 503, or admit it uncounted. */
  readonly whenStoreFails: 'refuse' | 'admit'
}

export const limitMax = 1_000_000_000
/**
 * The limiter may keep state for 2 hours at most; state is kept for one window after the last request, and a little
 * longer.
 */
export const windowSecondsMax = 3_600

/**
 * Throws an Error for figures that are out of range, or a name that would need escaping in a structured-field string.
 */
export function assertLimitRule({ name, limit, windowSeconds }: LimitRule): void {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(name))
    throw new Error(`Limit rule "${name}": name must be 1 to 64 letters, digits, dots, dashes or underscores`)
  assertWholeNumber(name, 'limit', limit, limitMax)
  assertWholeNumber(name, 'windowSeconds', windowSeconds, windowSecondsMax)
}

/** Throws an Error for a cost that no waiting would admit, for which no `Retry-After` would be true. */
export function assertCost(rule: LimitRule, cost: number): void {
  assertWholeNumber(rule.name, 'cost', cost, rule.limit)
}

function assertWholeNumber(rule: string, field: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= max) return
  throw new Error(`Limit rule "${rule}": ${field} must be a whole number from 1 to ${max}, not ${value}`)
}
