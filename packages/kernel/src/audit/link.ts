import { createHash, type KeyObject, sign, verify } from 'node:crypto'
import canonicalize from 'canonicalize'

/** What links an entry to the one before it. Source: the oversight specification, section 10. */
export type Link = {
  readonly v: 1
  readonly seq: number
  readonly org_id: string
  readonly event_type: string
  /** ISO 8601 UTC with milliseconds. */
  readonly ts: string
  /** Lower-case hex SHA-256 of the payload's RFC 8785 bytes. */
  readonly payload_hash: string
  /** `entry_hash` of the entry before, or 64 zeros. */
  readonly prev_hash: string
  readonly key_id: string
}

export const genesisHash = '0'.repeat(64)

const signaturePrefix = 'gatehouse.receipt.v1:'

/** RFC 8785 canonical JSON. Throws for what JSON cannot hold. */
export function toCanonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new Error('This value has no JSON form')
  return text
}

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

export function entryHash(link: Link): string {
  return sha256Hex(toCanonicalJson(link))
}

/** Ed25519 over ASCII `gatehouse.receipt.v1:` + entry hash, base64url without padding. */
export function signEntry(privateKey: KeyObject, hash: string): string {
  return sign(null, Buffer.from(signaturePrefix + hash, 'ascii'), privateKey).toString('base64url')
}

export function isEntrySignature(publicKey: KeyObject, hash: string, signature: string): boolean {
  return verify(
    null,
    Buffer.from(signaturePrefix + hash, 'ascii'),
    publicKey,
    Buffer.from(signature, 'base64url'),
  )
}
