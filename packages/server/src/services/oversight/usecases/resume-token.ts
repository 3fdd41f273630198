import { createHash } from 'node:crypto'

/** `rst_` and 256 random bits. Only the digest is stored; a plain hash is enough for that much entropy. */
export function mintResumeToken(randomBytes: (count: number) => Buffer): string {
  return `rst_${randomBytes(32).toString('base64url')}`
}

export function digestResumeToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}
