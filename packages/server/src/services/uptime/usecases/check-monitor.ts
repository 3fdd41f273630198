import { mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { MonitorReply } from '../contract/monitor-shapes.ts'
import type { ManualCheck, UptimeDeps } from '../deps.ts'
import { isTold } from '../monitor-types/watch.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { findMonitor, type ObservedMonitor, setManualCheck } from '../store/monitor-store.ts'
import { getMonitor } from './get-monitor.ts'

export type CheckAnswer = {
  readonly result: {
    readonly status: 'up' | 'down'
    readonly responseTimeMs?: number
    readonly statusCode?: number
    readonly errorMessage?: string
  }
  readonly monitor: MonitorReply
}

/** Why a monitor whose state is only told has none now. */
export const untold = {
  paused: 'The monitor is paused.',
  unknown: 'The job has not been heard of yet.',
} as const

/** Checks the target now. A heartbeat has no target: its current state is returned. */
export async function checkMonitor(deps: UptimeDeps, principal: Principal, id: string): Promise<CheckAnswer> {
  const known = await within(deps, principal, (tx) => findMonitor(tx, id))
  if (known === undefined) throw problems.NOT_FOUND({ detail: 'Monitor not found' })
  const told = isTold(known.type)
  if (!told) await claimCheck(deps, principal, id)
  const check = told ? toPresentState(known) : await deps.engine.checkNow(principal, id)
  if (check.outcome === 'unknown') throw problems.CHECK_UNAVAILABLE({ detail: check.because })
  return { result: toResult(check), monitor: await getMonitor(deps, principal, id) }
}

async function claimCheck(deps: UptimeDeps, principal: Principal, id: string): Promise<void> {
  const cooldownMs = policy.manualCheckCooldownSeconds * 1000
  await mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const claimed = await setManualCheck(tx, id, now, now - cooldownMs)
    if (!claimed.remembered) throw tooSoon(claimed.lastAtMs + cooldownMs - now)
    return { result: undefined, entry: { action: 'monitor.check', resourceId: id, at: now } }
  })
}

function tooSoon(waitMs: number): Error {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000))
  const detail = `A monitor can be checked by hand every ${policy.manualCheckCooldownSeconds} s`
  return problems.RATE_LIMITED({ detail, retryAfterSeconds })
}

function toPresentState({ status, lastErrorMessage: errorMessage }: ObservedMonitor): ManualCheck {
  switch (status) {
    case 'up':
    case 'degraded':
    case 'down':
      return { outcome: status, responseTimeMs: null, statusCode: null, errorMessage }
    case 'paused':
    case 'unknown':
      return { outcome: 'unknown', because: untold[status] }
  }
}

/** Clients know only two statuses here, so degraded is reported as up. */
function toResult(check: Exclude<ManualCheck, { outcome: 'unknown' }>): CheckAnswer['result'] {
  const { outcome, responseTimeMs, statusCode, errorMessage } = check
  return {
    status: outcome === 'down' ? 'down' : 'up',
    ...(responseTimeMs === null ? {} : { responseTimeMs }),
    ...(statusCode === null ? {} : { statusCode }),
    ...(errorMessage === null ? {} : { errorMessage }),
  }
}
