import { sign } from 'node:crypto'
import type { TenantTx } from '../db/index.ts'
import { createAuditLog } from './audit-log.ts'
import type { SigningKey } from './signing-key.ts'
import { toRotationText } from './verify-audit.mjs'

/**
 * Appends `SIGNING_KEY_ROTATED` to the transaction's chain: signed by the new key as an entry, and by the retiring one
 * over `gatehouse.rotation.v1:ORG:FROM_KEY_ID:TO_KEY_ID:TO_PUBLIC_KEY`, so that either vouches for the other (A3).
 */
export async function appendKeyRotation(
  tx: TenantTx,
  from: SigningKey,
  to: SigningKey,
  atMs: number,
): Promise<void> {
  const rotation = {
    from_key_id: from.id,
    to_key_id: to.id,
    to_public_key: String(to.publicKey.export({ format: 'jwk' }).x),
  }
  const text = toRotationText({ org_id: tx.orgId, ...rotation })
  const signature = sign(null, Buffer.from(text, 'utf8'), from.privateKey).toString('base64url')
  await createAuditLog(to).append(tx, [
    {
      action: 'SIGNING_KEY_ROTATED',
      resourceType: 'signing_key',
      resourceId: to.id,
      detail: { ...rotation, from_signature: signature },
      at: atMs,
    },
  ])
}
