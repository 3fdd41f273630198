import { within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { ServiceDeps } from '../../../service/service-deps.ts'
import { type OrgPlan, planOfOrg } from './plan-of-org.ts'

export type NamedPlan = Pick<OrgPlan, 'name' | 'limits'>

/** The caller's plan and its limits. */
export async function readPlan(
  deps: Pick<ServiceDeps, 'billing' | 'clock' | 'db'>,
  principal: Principal,
): Promise<NamedPlan> {
  return within(deps, principal, (tx) => planOfOrg(deps, tx))
}
