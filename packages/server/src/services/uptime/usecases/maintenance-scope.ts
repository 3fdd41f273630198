import type { TenantTx } from '@gatehouse/kernel/db'
import type { Covered } from '../domain/maintenance.ts'
import { problems } from '../problems.ts'
import type { StoredWindow } from '../store/maintenance-store.ts'
import { listMonitorPlaces } from '../store/monitor-store.ts'
import { findService } from '../store/service-store.ts'

/** The scope of a maintenance call. */
export type MaintenanceScope =
  | { readonly kind: 'monitors'; readonly monitorIds: readonly string[] }
  /** One monitor, which must be on this page. */
  | { readonly kind: 'monitor_of_service'; readonly monitorId: string; readonly serviceId: string }
  | { readonly kind: 'service'; readonly serviceId: string }
  | { readonly kind: 'all' }

/** The monitors in the scope. Throws NOT_FOUND if any part of it does not exist in this organisation. */
export async function listScope(tx: TenantTx, scope: MaintenanceScope): Promise<readonly Covered[]> {
  switch (scope.kind) {
    case 'all':
      return listMonitorPlaces(tx)
    case 'monitors': {
      const ids = [...new Set(scope.monitorIds)]
      const found = await listMonitorPlaces(tx, ids)
      if (found.length < ids.length) throw problems.NOT_FOUND({ detail: 'Monitor not found' })
      return found
    }
    case 'monitor_of_service': {
      await assertService(tx, scope.serviceId)
      const found = await listMonitorPlaces(tx, [scope.monitorId])
      if (found[0]?.serviceId !== scope.serviceId) throw problems.NOT_FOUND({ detail: 'Monitor not found' })
      return found
    }
    case 'service':
      await assertService(tx, scope.serviceId)
      return (await listMonitorPlaces(tx)).filter(({ serviceId }) => serviceId === scope.serviceId)
  }
}

/** The scope in the form stored in a window. */
export function toWindowScope(
  scope: MaintenanceScope,
  monitors: readonly Covered[],
): Pick<StoredWindow, 'scope' | 'monitorIds' | 'serviceId'> {
  switch (scope.kind) {
    case 'all':
      return { scope: 'all', monitorIds: [], serviceId: null }
    case 'service':
      return { scope: 'service', monitorIds: [], serviceId: scope.serviceId }
    case 'monitors':
    case 'monitor_of_service':
      return { scope: 'monitors', monitorIds: monitors.map(({ monitorId }) => monitorId), serviceId: null }
  }
}

async function assertService(tx: TenantTx, id: string): Promise<void> {
  if ((await findService(tx, id)) === undefined) throw problems.NOT_FOUND({ detail: 'Status page not found' })
}
