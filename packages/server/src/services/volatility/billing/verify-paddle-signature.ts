import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '@gatehouse/kernel/secrets'

/** Paddle's own tolerance: a signature older than this, or further in the future, is refused. */
export const paddleToleranceSeconds = 5

const signaturesMax = 8

/**
 * Whether `Paddle-Signature` (`ts=…;h1=…[;h1=…]`) holds for a body: HMAC-SHA256 over `ts:body` by any of the secrets.
 * Parts with other names are ignored; a second `ts` is refused. Every signature is compared with every secret, in constant
 * time.
 */
export function verifyPaddleSignature(
  header: string | undefined,
  body: string,
  secrets: readonly Secret[],
  nowMs: number,
): boolean {
  const parts = (header ?? '').split(';').map((part) => part.split('=', 2))
  const valuesOf = (wanted: string): readonly string[] =>
    parts.flatMap(([name = '', value = '']) => (name.trim() === wanted ? [value.trim()] : []))
  const [ts, ...moreTs] = valuesOf('ts')
  const given = valuesOf('h1')
  if (ts === undefined || moreTs.length > 0 || !/^\d{1,12}$/.test(ts)) return false
  if (given.length === 0 || given.length > signaturesMax) return false
  if (Math.abs(nowMs / 1_000 - Number(ts)) > paddleToleranceSeconds) return false
  let holds = false
  for (const secret of secrets) {
    const expected = signPaddle(secret, ts, body)
    for (const one of given) {
      const bytes = Buffer.from(one, 'hex')
      if (bytes.length === expected.length && timingSafeEqual(bytes, expected)) holds = true
    }
  }
  return holds
}

export function signPaddle(secret: Secret, ts: string, body: string): Buffer {
  return createHmac('sha256', secret.reveal()).update(`${ts}:${body}`).digest()
}
