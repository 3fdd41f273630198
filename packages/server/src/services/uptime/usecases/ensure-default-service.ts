import type { AuditedTx, Decision } from '@gatehouse/kernel/audit'
import { newId } from '@gatehouse/kernel/ids'
import { initialSettings } from '../contract/service-shapes.ts'
import { findOrg } from '../store/plan-store.ts'
import { findDefaultService, insertService, type Service } from '../store/service-store.ts'

export type EnsuredService = {
  readonly service: Service
  /** The audit entry of its creation; empty if it existed already. */
  readonly entries: readonly Decision[]
}

/**
 * The default status page, visible to the organisation only. It is created with the organisation; for organisations
 * older than this rule, on first use.
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
    feedKeyDigest: null,
    sealedFeedKey: null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  }
  if (await insertService(tx, service)) {
    const detail = { name, slug: service.slug, isDefault: true }
    return { service, entries: [{ action: 'status_page.create', resourceId: id, detail, at: nowMs }] }
  }
  // A concurrent transaction created it, and has committed by now.
  const other = await findDefaultService(tx)
  if (other === undefined) throw new Error('The default status page neither exists nor can be made')
  return { service: other, entries: [] }
}
