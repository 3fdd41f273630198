import type { LimitRule } from './limit-rule.ts'

/** Where a subject stands with a rule after its request was judged. */
export type Standing = {
  readonly limit: number
  readonly remaining: number
  /** Whole seconds, at least 1, until `remaining` rises if nothing else is sent. */
  readonly resetSeconds: number
}

/** What an admission took from its counter. Only the store that made it reads it. */
export type Charge = {
  readonly cost: number
  /** The sub-bucket charged; where the clock ran backwards, not the one of the caller's time. */
  readonly bucket: number
  /** Which life of the counter was charged: a counter that was forgotten and begun anew owes nothing back. */
  readonly life: number
  /** Set by the store. */
  givenBack: boolean
}

export type Counted = Standing & { readonly admitted: true; readonly counted: true; readonly charge: Charge }
/** Let in without a store to count it, because the rule says so. */
export type Uncounted = { readonly admitted: true; readonly counted: false }
export type Admitted = Counted | Uncounted

export type LimitReached = Standing & {
  readonly admitted: false
  readonly because: 'limit_reached'
  /** Whole seconds, at least 1, until the same request is admitted if nothing else is sent. */
  readonly retryAfterSeconds: number
}
/** Refused without a store to count it, because the rule says so: answered with 503. */
export type StoreUnavailable = {
  readonly admitted: false
  readonly because: 'store_unavailable'
  readonly retryAfterSeconds: number
}
export type Refused = LimitReached | StoreUnavailable

export type LimitDecision = Admitted | Refused

/**
 * Counts requests by rule and subject. In no trailing window do the requests that were admitted, and not given back,
 * exceed the limit. A refused request costs nothing. A store that can answer at once returns the answer itself, which
 * spares its callers a promise.
 */
export type LimitStore = {
  /**
   * `nowMs` may have any origin, the same for all calls. Where it runs backwards, time stands still until it has caught
   * up. `cost` is a whole number from 1, the default, to the limit.
   */
  readonly take: (
    rule: LimitRule,
    subject: string,
    nowMs: number,
    cost?: number,
  ) => LimitDecision | Promise<LimitDecision>
  /** Undoes a charge where it was made, as if the request had never been. Doing so twice does nothing more. */
  readonly giveBack: (rule: LimitRule, subject: string, admitted: Admitted) => void | Promise<void>
}
