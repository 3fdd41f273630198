import type { Clock } from '@gatehouse/kernel/clock'
import type { Admitted, LimitDecision, LimitRule, LimitStore } from '@gatehouse/kernel/limits'

export type Limiter = {
  readonly charge: (rule: LimitRule, subject: string) => LimitDecision | Promise<LimitDecision>
  readonly giveBack: (rule: LimitRule, subject: string, charge: Admitted) => void | Promise<void>
}

export function createLimiter(store: LimitStore, clock: Clock): Limiter {
  return {
    charge: (rule, subject) => store.take(rule, subject, clock.monotonic()),
    giveBack: store.giveBack,
  }
}
