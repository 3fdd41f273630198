import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query } from '@gatehouse/kernel/db'
import type { UptimeTables } from './tables.ts'

export async function insertPageLink(
  tx: AuditedTx,
  serviceId: string,
  tokenDigest: string,
  expiresAtMs: number,
): Promise<void> {
  await query<UptimeTables>(tx)
    .insertInto('uptime.page_link')
    .values({
      org_id: tx.orgId,
      token_digest: tokenDigest,
      service_id: serviceId,
      expires_at: new Date(expiresAtMs),
    })
    .execute()
}

/** Deletes the link and returns whether it existed, so that of two concurrent uses only one succeeds. */
export async function takePageLink(
  tx: GateTx,
  { orgId, serviceId }: { readonly orgId: string; readonly serviceId: string },
  tokenDigest: string,
  nowMs: number,
): Promise<boolean> {
  const { numDeletedRows } = await query<UptimeTables>(tx)
    .deleteFrom('uptime.page_link')
    .where('org_id', '=', orgId)
    .where('service_id', '=', serviceId)
    .where('token_digest', '=', tokenDigest)
    .where('expires_at', '>', new Date(nowMs))
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}
