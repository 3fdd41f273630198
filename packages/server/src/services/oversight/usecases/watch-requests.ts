import { recordTelemetry, type TelemetryTx } from '@gatehouse/kernel/db'
import type { OversightDeps } from '../deps.ts'
import { judgeUsual, mostInADay } from '../domain/request-anomaly.ts'
import { oversightPolicy } from '../policy.ts'
import { countRequests, insertRequestDay, listRequestDays, listRequestHours } from '../store/request-store.ts'
import { eachOrg } from './each-org.ts'
import { closeAlert, raiseAlert } from './raise-alert.ts'
import { dayOf } from './read-interaction.ts'

const dayMs = 86_400_000
const subject = 'requests'

type Deps = Pick<OversightDeps, 'db' | 'clock'>

/** Stores the count of the past day, and raises an alert if the last 24 hours had far more requests than usual. */
export async function watchRequests(deps: Deps, signal: AbortSignal): Promise<void> {
  await eachOrg(deps, 'requests', signal, (principal) =>
    recordTelemetry(deps, principal, (tx) => watchOrg(tx, deps.clock.now())),
  )
}

async function watchOrg(tx: TelemetryTx, nowMs: number): Promise<void> {
  const { anomaly } = oversightPolicy
  const today = dayOf(nowMs)
  const daily = await listRequestDays(tx, today - anomaly.daysBack, today - 1)
  if (daily.at(-1)?.day !== today - 1) {
    const requests = await countRequests(tx, (today - 1) * dayMs, today * dayMs, null)
    await insertRequestDay(tx, today - 1, requests, nowMs)
  }
  // Days before the first request are not part of what is usual.
  const counted = daily.map(({ requests }) => requests)
  const first = counted.findIndex((requests) => requests > 0)
  const usual = judgeUsual(first === -1 ? [] : counted.slice(first), anomaly)
  if (usual === null) return
  const isAbove = (await countRequests(tx, nowMs - dayMs, nowMs, usual.most + 1)) > usual.most
  if (!isAbove) {
    // The alert closes when no 24-hour window that ended within the last 24 hours was above the limit.
    const hourly = await listRequestHours(tx, nowMs - 2 * dayMs, nowMs)
    if (mostInADay(hourly) <= usual.most) await closeAlert(tx, 'request_rate_anomaly', subject, nowMs)
    return
  }
  await raiseAlert(
    tx,
    {
      kind: 'request_rate_anomaly',
      subject,
      severity: 'high',
      operatorId: null,
      domain: null,
      data: { requests_24h: await countRequests(tx, nowMs - dayMs, nowMs, null), p95_30d: usual.p95 },
    },
    nowMs,
  )
}
