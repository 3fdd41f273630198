import type { AuditedTx, Decision } from '@gatehouse/kernel/audit'
import { problems } from '../problems.ts'
import { findService } from '../store/service-store.ts'
import { ensureDefaultService } from './ensure-default-service.ts'

/** The named status page, or the default one. Throws NOT_FOUND for one that this organisation does not have. */
export async function chooseService(
  tx: AuditedTx,
  serviceId: string | undefined,
  nowMs: number,
): Promise<{ readonly serviceId: string; readonly entries: readonly Decision[] }> {
  if (serviceId === undefined) {
    const { service, entries } = await ensureDefaultService(tx, nowMs)
    return { serviceId: service.id, entries }
  }
  const service = await findService(tx, serviceId)
  if (service === undefined) throw problems.NOT_FOUND({ detail: 'Status page not found' })
  return { serviceId, entries: [] }
}
