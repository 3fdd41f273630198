import { createHash } from 'node:crypto'

/** `rst_` and 256 bits; only the digest is stored: with that much entropy a slow hash adds nothing. */
export function mintResumeToken(randomBytes: (count: number) => Buffer): string {
  return `rst_${randomBytes(32).toString('base64url')}`
}

export function digestResumeToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}
