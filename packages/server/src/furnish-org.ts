import type { AuditedTx, Decision } from '@gatehouse/kernel/audit'
import type { ServiceFacts } from './service/define-service.ts'

/** Combines what each service adds to a new org. */
export function toFurnishOrg(services: readonly Pick<ServiceFacts, 'furnishOrg'>[]) {
  return async (tx: AuditedTx, nowMs: number): Promise<readonly Decision[]> => {
    const entries: Decision[] = []
    for (const { furnishOrg } of services) entries.push(...((await furnishOrg?.(tx, nowMs)) ?? []))
    return entries
  }
}
