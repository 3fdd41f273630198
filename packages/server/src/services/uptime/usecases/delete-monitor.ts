import type { Principal } from '@gatehouse/kernel/principal'
import type { UptimeDeps } from '../deps.ts'
import { deleteMonitors } from './delete-monitors.ts'

export async function deleteMonitor(deps: UptimeDeps, principal: Principal, id: string): Promise<void> {
  await deleteMonitors(deps, principal, [id])
}
