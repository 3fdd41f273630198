import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { VersionedKeys } from '../secrets/index.ts'

export type KeyDigests = {
  readonly currentVersion: number
  /** Whether keys digested under this version of the pepper can still be proven. */
  readonly isHeld: (version: number) => boolean
  /** HMAC-SHA-256 of the whole key. Throws when that version of the pepper is not held. */
  readonly digest: (text: string, version: number) => Buffer
}

/** Digests of keys at rest (K2), under each version of the pepper that is held. */
export function createKeyDigests(pepper: VersionedKeys): KeyDigests {
  const peppers = new Map<number, KeyObject>()
  for (const [version, bytes] of pepper.versions) peppers.set(version, createSecretKey(bytes))
  if (!peppers.has(pepper.current)) throw new Error('The current pepper is not held')
  return {
    currentVersion: pepper.current,
    isHeld: (version) => peppers.has(version),
    digest: (text, version) => {
      const key = peppers.get(version)
      if (key === undefined) throw new Error(`Version ${version} of the pepper is needed, but not held`)
      return createHmac('sha256', key).update(text, 'utf8').digest()
    },
  }
}

/** Takes the same time wherever the two differ. */
export function isSameDigest(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}
