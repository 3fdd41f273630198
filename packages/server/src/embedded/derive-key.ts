import { hkdfSync } from 'node:crypto'
import type { KeyRing } from '@gatehouse/kernel/secrets'
import type { DerivedKey } from '../service/service-deps.ts'

/** Derives a secret for one purpose from each version of a key; undefined for a version that is not held. */
export function deriveKey(
  ring: Pick<KeyRing, 'current' | 'versions'>,
  info: string,
  version = ring.current,
): DerivedKey | undefined {
  const secret = ring.versions.get(version)
  return secret === undefined ? undefined : { version, key: deriveFrom(secret, info) }
}

/** Derives 32 bytes with HKDF-SHA-256, without a salt. */
export function deriveFrom(secret: Buffer, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', info, 32))
}
