import { type AuditedTx, type Decision, mutate } from '@gatehouse/kernel/audit'
import { asWriter, within } from '@gatehouse/kernel/db'
import { queueMail } from '../../../mail/index.ts'
import type { ServiceDeps } from '../../../service/service-deps.ts'
import { subscriptionsPausedMail } from '../contract/jobs.ts'
import { fitToPlan, hasMisfits, listSubscribingOrgs } from '../store/subscription-store.ts'
import { planOfOrg } from './plan-of-org.ts'

type Deps = Pick<ServiceDeps, 'audit' | 'billing' | 'clock' | 'db'>

/**
 * Pauses the newest subscriptions above the plan's limit, and resumes those within it (specification 11); the owners
 * are mailed which were paused. Returns the audit entry; undefined if nothing changed.
 */
export async function fitSubscriptions(
  deps: Pick<Deps, 'billing' | 'clock'>,
  tx: AuditedTx,
): Promise<Decision | undefined> {
  const { name, limits } = await planOfOrg(deps, tx)
  const { paused, resumed } = await fitToPlan(tx, limits.subscriptionsMax)
  if (paused.length === 0 && resumed.length === 0) return undefined
  if (paused.length > 0)
    await queueMail(tx, subscriptionsPausedMail, {
      orgId: tx.orgId,
      plan: name,
      subscriptionsMax: limits.subscriptionsMax,
      paused: [...paused],
    })
  return {
    action: 'webhook.fit_plan',
    detail: { service: 'volatility', plan: name, paused: [...paused], resumed: [...resumed] },
    at: deps.clock.now(),
  }
}

/** Does so for every organisation, because a plan can also change through time or by the operator. */
export async function fitAllSubscriptions(deps: Deps, signal: AbortSignal): Promise<void> {
  for (const orgId of await asWriter(deps, listSubscribingOrgs)) {
    if (signal.aborted) return
    const system = { kind: 'system', orgId, because: 'plan' } as const
    const isDue = await within(deps, system, async (tx) =>
      hasMisfits(tx, (await planOfOrg(deps, tx)).limits.subscriptionsMax),
    )
    if (!isDue) continue
    await mutate(deps, system, async (tx) => {
      const entry = await fitSubscriptions(deps, tx)
      const nothing = { action: 'webhook.fit_plan', detail: { service: 'volatility' }, at: deps.clock.now() }
      return { result: undefined, entry: entry ?? nothing }
    })
  }
}
