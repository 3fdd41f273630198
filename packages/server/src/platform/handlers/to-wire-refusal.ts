import { instanceOrgId } from '@gatehouse/kernel/principal'
import { z } from 'zod'
import type { WireRefusal } from '../contract/admin.ts'
import type { RefusalEntry } from '../store/admin-store.ts'
import { toTime } from '../../service/shapes.ts'

/** The detail that the refusal log writes into the chain. */
const body = z.object({
  reason: z.string(),
  resource_id: z.string().optional(),
  detail: z.object({ ip: z.string(), route: z.string(), count: z.int() }),
})

export function toWireRefusal({ atMs, orgId, orgName, payload }: RefusalEntry): WireRefusal {
  const { reason, resource_id: keyPrefix, detail } = body.parse(JSON.parse(payload))
  return {
    orgId: orgId === instanceOrgId ? null : orgId,
    orgName: orgId === instanceOrgId ? null : orgName,
    at: toTime(atMs),
    keyPrefix: keyPrefix ?? null,
    ipAddress: detail.ip,
    route: detail.route,
    reason,
    count: detail.count,
  }
}
