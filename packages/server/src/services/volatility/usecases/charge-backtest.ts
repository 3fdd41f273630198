import { within } from '@gatehouse/kernel/db'
import type { KeyPrincipal, MemberPrincipal } from '@gatehouse/kernel/principal'
import type { VolatilityDeps } from '../deps.ts'
import { volatilityPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import { planOfOrg } from './plan-of-org.ts'

/**
 * Counts a backtest against the organisation's plan; throws `RATE_LIMITED`, or `UNAVAILABLE` if it cannot be counted.
 */
export async function chargeBacktest(
  deps: Pick<VolatilityDeps, 'billing' | 'chargeLimit' | 'clock' | 'db'>,
  caller: KeyPrincipal | MemberPrincipal,
): Promise<void> {
  const { limits } = await within(deps, caller, (tx) => planOfOrg(deps, tx))
  const limit = limits.backtestsPerMinute
  const decision = await deps.chargeLimit({ ...volatilityPolicy.backtests, limit }, caller.orgId)
  if (decision.admitted) return
  const { because, retryAfterSeconds } = decision
  if (because === 'store_unavailable')
    throw problems.UNAVAILABLE({ detail: 'Backtests cannot be counted at the moment', retryAfterSeconds })
  throw problems.RATE_LIMITED({
    detail: `The plan allows ${limit} backtests a minute; try again in ${retryAfterSeconds} s`,
    retryAfterSeconds,
  })
}
