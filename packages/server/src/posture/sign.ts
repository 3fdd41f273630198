import { sign } from 'node:crypto'
import type { SigningKey } from '@gatehouse/kernel/audit'
import { toSignedText } from './verify-posture.mjs'

/** Adds to a record the key's id and its Ed25519 signature over the canonical JSON of everything else. */
export function signRecord<Record extends object>(
  record: Record,
  { id, privateKey }: SigningKey,
): Record & { readonly key_id: string; readonly signature: string } {
  const named = { ...record, key_id: id }
  const signature = sign(null, Buffer.from(toSignedText(named), 'utf8'), privateKey).toString('base64url')
  return { ...named, signature }
}
