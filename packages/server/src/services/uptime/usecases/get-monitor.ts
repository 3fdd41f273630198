import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { MonitorReply } from '../contract/monitor-shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { findMonitor } from '../store/monitor-store.ts'
import { loadCoverage } from './coverage.ts'
import { toMonitorReply } from './to-monitor-reply.ts'

export async function getMonitor(
  deps: Pick<UptimeDeps, 'db' | 'clock'>,
  principal: Principal,
  id: string,
): Promise<MonitorReply> {
  return within(deps, principal, (tx) => readMonitor(deps, tx, id))
}

/** The current monitor, read in a transaction that may have changed it. */
export async function readMonitor(
  deps: Pick<UptimeDeps, 'clock'>,
  tx: TenantTx,
  id: string,
): Promise<MonitorReply> {
  const monitor = await findMonitor(tx, id)
  if (monitor === undefined) throw problems.NOT_FOUND({ detail: 'Monitor not found' })
  const coverageOf = await loadCoverage(tx, deps.clock.now())
  return toMonitorReply(tx.orgId, monitor, coverageOf({ monitorId: id, serviceId: monitor.serviceId }))
}
