import { createHmac, timingSafeEqual } from 'node:crypto'

/** The fields that a telemetry session's signature covers: what it is for, and until when. */
export type Anchor = {
  readonly orgId: string
  readonly operatorId: string
  readonly sessionId: string
  readonly nonce: string
  readonly issuedAtMs: number
  readonly expiresAtMs: number
}

/** Base64url HMAC-SHA-256 over the fields, joined by line feeds (wire 6.1). */
export function signAnchor(key: Buffer, anchor: Anchor): string {
  return toMac(key, anchor).toString('base64url')
}

export function isAnchorSigned(key: Buffer, anchor: Anchor, signature: string): boolean {
  const given = Buffer.from(signature, 'base64url')
  const expected = toMac(key, anchor)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function toMac(key: Buffer, { orgId, operatorId, sessionId, nonce, issuedAtMs, expiresAtMs }: Anchor) {
  const fields = [
    'gatehouse.telemetry.v1',
    orgId,
    operatorId,
    sessionId,
    nonce,
    String(issuedAtMs),
    String(expiresAtMs),
  ]
  return createHmac('sha256', key).update(fields.join('\n'), 'utf8').digest()
}
