import type { TenantTx } from '@gatehouse/kernel/db'
import type { ServiceDeps } from '../../../service/service-deps.ts'
import { bestPlan } from '../domain/subscription.ts'
import { volatilityPlans, type VolatilityPlan } from '../plans.ts'
import { listSubscriptions } from '../store/billing-store.ts'
import { findOrg } from '../store/org-store.ts'

export type OrgPlan = {
  readonly name: keyof typeof volatilityPlans
  readonly source: 'operator' | 'subscription'
  readonly limits: VolatilityPlan
}

/**
 * An organisation's current plan: the better one of a paid plan and one given by the operator. Organisations without
 * either are limited only if the operator has enabled plans.
 */
export async function planOfOrg(
  { billing, clock }: Pick<ServiceDeps, 'billing' | 'clock'>,
  tx: TenantTx,
): Promise<OrgPlan> {
  const given = planGiven((await findOrg(tx)).plan, billing.arePlansOn)
  if (given === 'unlimited') return toPlan(given, 'operator')
  const subscriptions = await listSubscriptions(tx)
  const { plan } = bestPlan(subscriptions, clock.now())
  return rank.indexOf(plan) >= rank.indexOf(given) && subscriptions.length > 0
    ? toPlan(plan, 'subscription')
    : toPlan(given, 'operator')
}

const rank: readonly string[] = ['free', 'pro', 'desk']

/**
 * Every organisation starts as unlimited, which has no meaning if plans are enabled; neither have plans of other
 * services.
 */
function planGiven(name: string, arePlansOn: boolean): keyof typeof volatilityPlans {
  if (name === 'free' || name === 'pro' || name === 'desk') return name
  return arePlansOn ? 'free' : 'unlimited'
}

function toPlan(name: keyof typeof volatilityPlans, source: OrgPlan['source']): OrgPlan {
  return { name, source, limits: volatilityPlans[name] }
}
