import { within } from '@gatehouse/kernel/db'
import type { ServiceDeps } from '../../../service/service-deps.ts'
import { planOfOrg } from './plan-of-org.ts'

/** A change of plan takes effect on every node within this time. */
const keptMs = 1_000
const orgsMax = 10_000

type Known = { readonly atMs: number; readonly most: number | null | Promise<number | null> }

/** An organisation's requests per minute by its plan; null if no plan limits it. */
export function createPlanRates(
  deps: Pick<ServiceDeps, 'billing' | 'clock' | 'db'>,
): (orgId: string) => number | null | Promise<number | null> {
  const known = new Map<string, Known>()
  return (orgId) => {
    const nowMs = deps.clock.monotonic()
    const found = known.get(orgId)
    if (found !== undefined && nowMs - found.atMs < keptMs) return found.most
    const most = readRate(deps, orgId)
    if (known.size >= orgsMax) known.clear()
    known.set(orgId, { atMs: nowMs, most })
    most.then(
      (value) => known.set(orgId, { atMs: nowMs, most: value }),
      // After a failure, the next caller queries the database again.
      () => known.delete(orgId),
    )
    return most
  }
}

async function readRate(
  deps: Pick<ServiceDeps, 'billing' | 'clock' | 'db'>,
  orgId: string,
): Promise<number | null> {
  const system = { kind: 'system', orgId, because: 'plan' } as const
  const { name, limits } = await within(deps, system, (tx) => planOfOrg(deps, tx))
  return name === 'unlimited' ? null : limits.requestsPerMinute
}
