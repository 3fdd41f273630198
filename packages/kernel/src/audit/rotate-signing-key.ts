import { sign } from 'node:crypto'
import type { Decision } from './audit-entry.ts'
import type { SigningKey } from './signing-key.ts'
import { toRotationText } from './verify-audit.mjs'

/**
 * The `SIGNING_KEY_ROTATED` entry of an org's chain. The new key signs it as an entry, and the retiring key signs
 * `gatehouse.rotation.v1:ORG:FROM_KEY_ID:TO_KEY_ID:TO_PUBLIC_KEY` in it, so that each key vouches for the other (A3).
 */
export function toKeyRotation(orgId: string, from: SigningKey, to: SigningKey, atMs: number): Decision {
  const rotation = {
    from_key_id: from.id,
    to_key_id: to.id,
    to_public_key: String(to.publicKey.export({ format: 'jwk' }).x),
  }
  const text = toRotationText({ org_id: orgId, ...rotation })
  const signature = sign(null, Buffer.from(text, 'utf8'), from.privateKey).toString('base64url')
  return {
    action: 'SIGNING_KEY_ROTATED',
    resourceType: 'signing_key',
    resourceId: to.id,
    detail: { ...rotation, from_signature: signature },
    at: atMs,
  }
}
