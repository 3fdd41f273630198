import type { AuditedTx, Decision } from '@gatehouse/kernel/audit'
import type { ServiceFacts } from './service/define-service.ts'

/** What a new org has of every service from the start. */
export function toFurnishOrg(services: readonly Pick<ServiceFacts, 'furnishOrg'>[]) {
  return async (tx: AuditedTx, nowMs: number): Promise<readonly Decision[]> => {
    const entries: Decision[] = []
    for (const { furnishOrg } of services) entries.push(...((await furnishOrg?.(tx, nowMs)) ?? []))
    return entries
  }
}
