import type { LimitRule } from './limit-rule.ts'

/** The state of a subject under a rule after its request was judged. */
export type Standing = {
  readonly limit: number
  readonly remaining: number
  /** Whole seconds, at least 1, until `remaining` rises if no further request is sent. */
  readonly resetSeconds: number
}

/** What an admission took from its counter. Only the store that made it reads it. */
export type Charge = {
  readonly cost: number
  /** The sub-bucket that was charged; if the clock ran backwards, this is not the one of the caller's time. */
  readonly bucket: number
  /** The life of the counter that was charged: a counter that was dropped and started anew has nothing to give back. */
  readonly life: number
  /** Set by the store when the charge was given back. */
  givenBack: boolean
}

export type Counted = Standing & { readonly admitted: true; readonly counted: true; readonly charge: Charge }
/** Admitted uncounted because the store failed, as the rule says. */
export type Uncounted = { readonly admitted: true; readonly counted: false }
export type Admitted = Counted | Uncounted

export type LimitReached = Standing & {
  readonly admitted: false
  readonly because: 'limit_reached'
  /** Whole seconds, at least 1, until the same request would be admitted if no further one is sent. */
  readonly retryAfterSeconds: number
}
/** Refused because the store failed, as the rule says; answered with 503. */
export type StoreUnavailable = {
  readonly admitted: false
  readonly because: 'store_unavailable'
  readonly retryAfterSeconds: number
}
export type Refused = LimitReached | StoreUnavailable

export type LimitDecision = Admitted | Refused

/**
 * Counts requests by rule and subject. In no trailing window do the requests that were admitted, and not given back,
 * exceed the limit. A refused request costs nothing. A store that can answer synchronously returns the answer itself,
 * which spares its callers a promise.
 */
export type LimitStore = {
  /**
   * `nowMs` may have any origin, the same for all calls. When it runs backwards, the store's time stands still until it
   * has caught up. `cost` is a whole number from 1, the default, to the limit.
   */
  readonly take: (
    rule: LimitRule,
    subject: string,
    nowMs: number,
    cost?: number,
  ) => LimitDecision | Promise<LimitDecision>
  /**
   * Undoes a charge in the bucket where it was made, as if the request had not been made. Doing so twice has no further
   * effect.
   */
  readonly giveBack: (rule: LimitRule, subject: string, admitted: Admitted) => void | Promise<void>
}
