import type { TenantTx } from '@gatehouse/kernel/db'
import type { ServiceDeps } from '../../../service/service-deps.ts'
import { problems } from '../problems.ts'
import { countOwnKeys } from '../store/own-store.ts'
import { planOfOrg } from './plan-of-org.ts'

/** Refuses another key if the plan's limit is reached; a rotation does not add one. */
export async function admitKeyByPlan(
  deps: Pick<ServiceDeps, 'billing' | 'clock'>,
  tx: TenantTx,
): Promise<void> {
  const { name, limits } = await planOfOrg(deps, tx)
  const count = await countOwnKeys(tx, deps.clock.now())
  if (count >= limits.keysMax)
    throw problems.plan_limit_reached({
      detail: `The plan ${name} allows ${limits.keysMax} keys; there are ${count}`,
    })
}
