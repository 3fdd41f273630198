import { timingSafeEqual } from 'node:crypto'
import { createFastHmac, derivedFrom, type VersionedKeys } from '../secrets/index.ts'

export type KeyDigests = {
  readonly currentVersion: number
  /** Whether this version of the pepper is held, so that keys digested under it can still be verified. */
  readonly isHeld: (version: number) => boolean
  /** HMAC-SHA-256 of the whole key text. Throws when that version of the pepper is not held. */
  readonly digest: (text: string, version: number) => Buffer
  /** The digest in hex, which is cheaper as a key of a map. */
  readonly digestHex: (text: string, version: number) => string
}

/** Creates the digests under which keys are stored (K2), for each version of the pepper that is held. */
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

/** Compares in constant time. */
export function isSameDigest(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}
