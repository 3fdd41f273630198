import { timingSafeEqual } from 'node:crypto'
import { createFastHmac, derivedFrom, type VersionedKeys } from '../secrets/index.ts'

export type KeyDigests = {
  readonly currentVersion: number
  /** Whether keys digested under this version of the pepper can still be proven. */
  readonly isHeld: (version: number) => boolean
  /** HMAC-SHA-256 of the whole key. Throws when that version of the pepper is not held. */
  readonly digest: (text: string, version: number) => Buffer
  /** The same in hex, which is cheaper to look something up by. */
  readonly digestHex: (text: string, version: number) => string
}

/** Digests of keys at rest (K2), under each version of the pepper that is held. */
export function createKeyDigests(pepper: VersionedKeys): KeyDigests {
  const hmacOf = derivedFrom(pepper, createFastHmac)
  const digestHex = (text: string, version: number): string => hmacOf(version)(text, 'hex')
  return {
    get currentVersion() {
      return pepper.current
    },
    isHeld: (version) => pepper.versions.has(version),
    digest: (text, version) => Buffer.from(digestHex(text, version), 'hex'),
    digestHex,
  }
}

/** Takes the same time wherever the two differ. */
export function isSameDigest(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}
