import { type KeyObject, sign } from 'node:crypto'
import canonicalize from 'canonicalize'
import { isSignature, sha256Hex, toEntryText, toLinkText } from './verify-audit.mjs'

export { genesisHash, sha256Hex } from './verify-audit.mjs'

/** The part of an entry that links it to the entry before it. Source: the oversight specification, section 10. */
export type Link = {
  readonly v: 1
  readonly seq: number
  readonly org_id: string
  readonly event_type: string
  /** ISO 8601 UTC with milliseconds. */
  readonly ts: string
  /** Lower-case hex SHA-256 of the payload's RFC 8785 bytes. */
  readonly payload_hash: string
  /** `entry_hash` of the previous entry, or 64 zeros for the first one. */
  readonly prev_hash: string
  readonly key_id: string
}

/** RFC 8785 canonical JSON. Throws for a value that has no JSON form. */
export function toCanonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new Error('This value has no JSON form')
  return text
}

export function entryHash(link: Link): string {
  return sha256Hex(toLinkText(link))
}

/** Ed25519 over ASCII `gatehouse.receipt.v1:` + entry hash, base64url without padding. */
export function signEntry(privateKey: KeyObject, hash: string): string {
  return sign(null, Buffer.from(toEntryText(hash), 'ascii'), privateKey).toString('base64url')
}

export function isEntrySignature(publicKey: KeyObject, hash: string, signature: string): boolean {
  return isSignature(publicKey, toEntryText(hash), signature)
}
