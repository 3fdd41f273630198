import { mutate } from '@gatehouse/kernel/audit'
import type { Principal } from '@gatehouse/kernel/principal'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { setIncidentsService } from '../store/incident-store.ts'
import { raisePageVersion } from '../store/judge-store.ts'
import { deleteSeriesOfService } from '../store/maintenance-series-store.ts'
import { listOpenWindows, lockMaintenance, setWindowsEnded } from '../store/maintenance-store.ts'
import { listMonitorPlaces, setMonitorsService } from '../store/monitor-store.ts'
import { deleteService as deleteStored, lockService } from '../store/service-store.ts'
import { indexCoverage } from './coverage.ts'
import { ensureDefaultService } from './ensure-default-service.ts'
import { followMaintenance } from './follow-maintenance.ts'

/** The page's monitors and incidents move to the default page; its maintenance ends. */
export async function deleteService(deps: UptimeDeps, principal: Principal, id: string): Promise<void> {
  await mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    await lockMaintenance(tx)
    const service = await lockService(tx, id)
    if (service === undefined) throw problems.NOT_FOUND({ detail: 'Status page not found' })
    if (service.isDefault)
      throw problems.INVALID_STATE({ detail: 'The default status page cannot be deleted' })
    const { service: home, entries } = await ensureDefaultService(tx, now)
    const moving = (await listMonitorPlaces(tx)).filter(({ serviceId }) => serviceId === id)
    const open = await listOpenWindows(tx, now)
    const before = indexCoverage(open, now)
    const own = open.filter((window) => window.scope === 'service' && window.serviceId === id)
    await setWindowsEnded(
      tx,
      own.map((window) => window.id),
      now,
    )
    await deleteSeriesOfService(tx, id, now)
    await setMonitorsService(tx, id, home.id, now)
    await setIncidentsService(tx, id, home.id)
    const moved = moving.map(({ monitorId }) => ({ monitorId, serviceId: home.id }))
    await followMaintenance(deps, tx, moved, ({ monitorId }) => before({ monitorId, serviceId: id }), now)
    await deleteStored(tx, id)
    await raisePageVersion(tx, home.id)
    const detail = { name: service.name, slug: service.slug, monitorsMoved: moved.length }
    return {
      result: undefined,
      entry: [{ action: 'status_page.delete', resourceId: id, detail, at: now }, ...entries],
    }
  })
}
