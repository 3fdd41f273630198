import { mutate } from '@gatehouse/kernel/audit'
import type { Principal } from '@gatehouse/kernel/principal'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { deleteIncident as deleteStored } from '../store/incident-store.ts'
import { raisePageVersion } from '../store/judge-store.ts'
import { lockWithMonitor } from './change-incident.ts'

export async function deleteIncident(deps: UptimeDeps, principal: Principal, id: string): Promise<void> {
  await mutate(deps, principal, async (tx) => {
    const { type, title, serviceId } = await lockWithMonitor(tx, id)
    if (type !== 'manual') throw problems.NOT_MANUAL()
    await deleteStored(tx, id)
    await raisePageVersion(tx, serviceId)
    return {
      result: undefined,
      entry: { action: 'incident.delete', resourceId: id, detail: { title }, at: deps.clock.now() },
    }
  })
}
