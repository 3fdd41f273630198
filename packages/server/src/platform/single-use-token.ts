import { createHash, randomBytes } from 'node:crypto'

export type MintedToken = { readonly token: string; readonly digest: Buffer }

/** 256 bits as base64url. Only the SHA-256 digest is stored: with that much entropy a slow hash adds nothing. */
export function mintToken(): MintedToken {
  const token = randomBytes(32).toString('base64url')
  return { token, digest: digestToken(token) }
}

export function digestToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}
