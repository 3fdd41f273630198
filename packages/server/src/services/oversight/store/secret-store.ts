import { query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import type { OversightTables, SecretPurpose } from './tables.ts'

export async function findSecret(tx: TenantTx, purpose: SecretPurpose): Promise<string | undefined> {
  const row = await query<OversightTables>(tx)
    .selectFrom('oversight.org_secret')
    .select('sealed_key')
    .where('org_id', '=', tx.orgId)
    .where('purpose', '=', purpose)
    .executeTakeFirst()
  return row?.sealed_key
}

/** Keeps an existing secret: of two concurrent callers, the second reads what the first wrote. */
export async function insertSecret(
  tx: TelemetryTx,
  purpose: SecretPurpose,
  sealedKey: string,
  nowMs: number,
): Promise<void> {
  await query<OversightTables>(tx)
    .insertInto('oversight.org_secret')
    .values({ org_id: tx.orgId, purpose, sealed_key: sealedKey, created_at: new Date(nowMs) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
