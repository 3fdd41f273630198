import type { AuditedTx, Decision } from '@gatehouse/kernel/audit'
import { newId } from '@gatehouse/kernel/ids'
import { initialSettings } from '../contract/service-shapes.ts'
import { findOrg } from '../store/plan-store.ts'
import { findDefaultService, insertService, type Service } from '../store/service-store.ts'

export type EnsuredService = {
  readonly service: Service
  /** The entry of its birth, for the chain of the transaction; empty when it was there already. */
  readonly entries: readonly Decision[]
}

/**
 * The status page of everything that names no other, visible to the org only. It is made with the org; an org that is
 * older than this rule gets it on first use.
 */
export async function ensureDefaultService(tx: AuditedTx, nowMs: number): Promise<EnsuredService> {
  const known = await findDefaultService(tx)
  if (known !== undefined) return { service: known, entries: [] }
  const { name } = await findOrg(tx)
  const id = newId(nowMs)
  const service: Service = {
    ...initialSettings,
    id,
    name,
    slug: `page-${id.toLowerCase()}`,
    isDefault: true,
    access: 'members',
    passwordHash: null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  }
  if (await insertService(tx, service)) {
    const detail = { name, slug: service.slug, isDefault: true }
    return { service, entries: [{ action: 'status_page.create', resourceId: id, detail, at: nowMs }] }
  }
  // Two first needs at once: the other one's page is committed by now.
  const other = await findDefaultService(tx)
  if (other === undefined) throw new Error('The default status page neither exists nor can be made')
  return { service: other, entries: [] }
}
