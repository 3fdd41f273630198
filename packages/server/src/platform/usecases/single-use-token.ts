import { createHash, randomBytes } from 'node:crypto'

export type MintedToken = { readonly token: string; readonly digest: Buffer }

/**
 * A token of 256 bits as base64url. Only its SHA-256 digest is stored: with that much entropy a slow hash adds nothing.
 */
export function mintToken(): MintedToken {
  return toToken(randomBytes(32))
}

/** The token of a mail, which is the same on every attempt to send it. */
export function toToken(secret: Buffer): MintedToken {
  const token = secret.toString('base64url')
  return { token, digest: digestToken(token) }
}

export function digestToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}
