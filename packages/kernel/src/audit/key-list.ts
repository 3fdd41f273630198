import type { KeyObject } from 'node:crypto'

export type ListedKey = {
  readonly key_id: string
  readonly algorithm: 'Ed25519'
  /** The 32 bytes of the Ed25519 public key, base64url without padding. */
  readonly public_key: string
}

/** The form in which public keys are published and exported; `toPublicKeys` reads it. */
export function toKeyList(publicKeys: ReadonlyMap<string, KeyObject>): ListedKey[] {
  return [...publicKeys].map(([id, key]) => ({
    key_id: id,
    algorithm: 'Ed25519',
    public_key: String(key.export({ format: 'jwk' }).x),
  }))
}
