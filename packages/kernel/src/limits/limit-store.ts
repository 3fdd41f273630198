import type { LimitRule } from './limit-rule.ts'

/** What one admission took from its counter: the receipt with which it can be given back, once. */
export type Charge = {
  readonly rule: LimitRule
  readonly key: string
  readonly cost: number
  /** The sub-bucket that was charged, which under a clock that ran backwards is not the one of the caller's time. */
  readonly bucket: number
  /** Which life of the key's counter was charged: a counter that was forgotten and begun again owes nothing back. */
  readonly counter: number
  /** Set by the store. */
  givenBack: boolean
}

export type Admission = {
  readonly admitted: true
  readonly counted: true
  readonly rule: LimitRule
  readonly remaining: number
  /** Whole seconds, at least 1, until `remaining` rises if nothing else is sent. */
  readonly resetSeconds: number
  readonly charge: Charge
}

export type LimitReached = {
  readonly admitted: false
  readonly because: 'limit_reached'
  readonly rule: LimitRule
  readonly remaining: number
  /** Whole seconds, at least 1, until `remaining` rises if nothing else is sent. */
  readonly resetSeconds: number
  /** Whole seconds, at least 1, until the same request is admitted if nothing else is sent. */
  readonly retryAfterSeconds: number
}

export type LimitDecision = Admission | LimitReached

/**
 * Counts requests per rule and key. Between any two times at most one window apart, the requests admitted and not given
 * back never exceed the rule's limit. A refused request costs nothing.
 *
 * A store that answers at once returns the decision itself, so that its callers need not wait a turn of the event loop.
 */
export type LimitStore = {
  /**
   * `nowMs` may have any origin, the same for every call that reaches the counter. Where it runs backwards, time stands
   * still until it has caught up. `cost` is a whole number from 1, the default, to the rule's limit.
   */
  readonly take: (
    rule: LimitRule,
    key: string,
    nowMs: number,
    cost?: number,
  ) => LimitDecision | Promise<LimitDecision>
  /** Undoes a charge where it was made, as if the request had never been. Giving back twice does nothing more. */
  readonly giveBack: (charge: Charge) => void | Promise<void>
}

/** Throws an Error for a cost that no waiting would admit: there is no honest `Retry-After` for it. */
export function assertCost(rule: LimitRule, cost: number): void {
  if (Number.isInteger(cost) && cost >= 1 && cost <= rule.limit) return
  throw new Error(`Limit rule "${rule.name}": cost ${cost} is not a whole number from 1 to ${rule.limit}`)
}
