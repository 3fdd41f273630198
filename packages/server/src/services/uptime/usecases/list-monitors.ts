import { within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { MonitorQuery } from '../contract/monitors.ts'
import type { MonitorReply } from '../contract/monitor-shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { listMonitors as listStored } from '../store/monitor-store.ts'
import { loadCoverage } from './coverage.ts'
import { openCursor, toPage } from '../../../service/paging.ts'
import { toMonitorReply } from './to-monitor-reply.ts'

const list = 'monitors'

export async function listMonitors(
  deps: Pick<UptimeDeps, 'db' | 'clock' | 'cursors'>,
  principal: Principal,
  { status, type, tag, q: text, limit, cursor }: MonitorQuery,
): Promise<{ readonly monitors: MonitorReply[]; readonly nextCursor: string | null }> {
  const { orgId } = principal
  const afterId = openCursor(deps, list, orgId, cursor)
  return within(deps, principal, async (tx) => {
    const coverageOf = await loadCoverage(tx, deps.clock.now())
    const filter = { status, type, tag, text }
    const rows = await listStored(tx, filter, { afterId, limit: limit === undefined ? undefined : limit + 1 })
    const { entries, nextCursor } = toPage(deps, list, orgId, rows, limit, ({ id }) => id)
    const monitors = entries.map((monitor) =>
      toMonitorReply(orgId, monitor, coverageOf({ monitorId: monitor.id, serviceId: monitor.serviceId })),
    )
    return { monitors, nextCursor }
  })
}
