import { hkdfSync } from 'node:crypto'
import type { KeyRing } from '@gatehouse/kernel/secrets'
import type { DerivedKey } from '../service/service-deps.ts'

/** A secret for one use from a versioned one; undefined for a version that is no longer held. */
export function deriveKey(
  ring: Pick<KeyRing, 'current' | 'versions'>,
  info: string,
  version = ring.current,
): DerivedKey | undefined {
  const secret = ring.versions.get(version)
  return secret === undefined ? undefined : { version, key: deriveFrom(secret, info) }
}

/** HKDF-SHA-256 without a salt, 32 bytes. */
export function deriveFrom(secret: Buffer, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', info, 32))
}
