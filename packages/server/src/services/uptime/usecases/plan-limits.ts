import type { AuditedTx } from '@gatehouse/kernel/audit'
import type { Problem } from '@gatehouse/kernel/problem'
import type { UptimeDeps } from '../deps.ts'
import { findPlan } from '../../../service/find-plan.ts'
import { type PlanLimits, plans } from '../plans.ts'
import { problems } from '../problems.ts'
import { countChannels } from '../store/channel-store.ts'
import { countMonitors } from '../store/monitor-store.ts'
import { lockPlan } from '../store/plan-store.ts'
import { countServices } from '../store/service-store.ts'

type Deps = Pick<UptimeDeps, 'publicUrl'>

export async function assertRoomForMonitor(
  deps: Deps,
  tx: AuditedTx,
  intervalSeconds: number,
): Promise<void> {
  const plan = findPlan(plans, await lockPlan(tx))
  assertInterval(deps, plan, intervalSeconds)
  const { all } = await countMonitors(tx)
  assertBelow(
    all,
    plan.monitorsMax,
    (detail) => problems.MONITOR_LIMIT_REACHED({ detail, ...upgrade(deps) }),
    'monitors',
  )
}

/** A smaller plan pauses monitors above its limit, so only active ones are counted. */
/** Asserts that the plan allows `more` additional active monitors. */
export async function assertRoomForActiveMonitor(deps: Deps, tx: AuditedTx, more = 1): Promise<void> {
  const { monitorsMax } = findPlan(plans, await lockPlan(tx))
  const { active } = await countMonitors(tx)
  const refuse = (detail: string): Problem => problems.MONITOR_LIMIT_REACHED({ detail, ...upgrade(deps) })
  assertBelow(active + more - 1, monitorsMax, refuse, 'active monitors')
}

export async function assertIntervalAllowed(
  deps: Deps,
  tx: AuditedTx,
  intervalSeconds: number,
): Promise<void> {
  assertInterval(deps, findPlan(plans, await lockPlan(tx)), intervalSeconds)
}

export async function assertRoomForChannel(deps: Deps, tx: AuditedTx, type: string): Promise<void> {
  const { channelTypes, channelsMax } = findPlan(plans, await lockPlan(tx))
  if (channelTypes !== 'all' && !channelTypes.some((allowed) => allowed === type))
    throw problems.PLAN_REQUIRED({
      detail: `Your plan does not include channels of type ${type}`,
      ...upgrade(deps),
    })
  const refuse = (detail: string): Problem => problems.CHANNEL_LIMIT_REACHED({ detail, ...upgrade(deps) })
  assertBelow(await countChannels(tx), channelsMax, refuse, 'channels')
}

export async function assertRoomForService(deps: Deps, tx: AuditedTx): Promise<void> {
  const { pagesMax } = findPlan(plans, await lockPlan(tx))
  const refuse = (detail: string): Problem => problems.PLAN_REQUIRED({ detail, ...upgrade(deps) })
  assertBelow(await countServices(tx), pagesMax, refuse, 'status pages')
}

export async function assertCustomDomains(deps: Deps, tx: AuditedTx): Promise<void> {
  if (findPlan(plans, await lockPlan(tx)).customDomains) return
  const detail = 'Your plan does not include domains of your own for status pages'
  throw problems.PLAN_REQUIRED({ detail, ...upgrade(deps) })
}

function assertInterval(deps: Deps, { intervalSecondsMin }: PlanLimits, intervalSeconds: number): void {
  if (intervalSeconds >= intervalSecondsMin) return
  const detail = `Your plan allows intervals from ${intervalSecondsMin} s; ${intervalSeconds} s is shorter`
  throw problems.INTERVAL_TOO_SHORT({ detail, ...upgrade(deps) })
}

function assertBelow(
  present: number,
  limit: number | null,
  refuse: (detail: string) => Problem,
  what: string,
): void {
  if (limit === null || present < limit) return
  throw refuse(`Your plan allows ${limit} ${what}, and you have ${present}`)
}

function upgrade({ publicUrl }: Deps): { readonly upgradeUrl: string } {
  return { upgradeUrl: `${publicUrl()}/app/team` }
}
