import { Secret, TOTP } from 'otpauth'

export type TotpVerdict =
  | { readonly accepted: true; readonly step: number }
  | { readonly accepted: false; readonly reason: 'wrong_code' | 'used_code' }

export const totpFigures = { algorithm: 'SHA1', digits: 6, period: 30 } as const

/**
 * Judges a code by RFC 6238 with the usual figures: the present time step or a neighbouring one, and each step once.
 */
export function judgeTotp(secretBase32: string, code: string, lastStep: number, nowMs: number): TotpVerdict {
  const secret = Secret.fromBase32(secretBase32)
  const delta = TOTP.validate({ ...totpFigures, token: code, secret, timestamp: nowMs, window: 1 })
  if (delta === null) return { accepted: false, reason: 'wrong_code' }
  const step = TOTP.counter({ period: totpFigures.period, timestamp: nowMs }) + delta
  return step > lastStep ? { accepted: true, step } : { accepted: false, reason: 'used_code' }
}

/** The secret in base 32, and the URL for the QR code that an app scans. */
export function newTotp(
  bytes: Uint8Array,
  email: string,
  issuer: string,
): { readonly secret: string; readonly otpauthUri: string } {
  const secret = new Secret({ buffer: Uint8Array.from(bytes).buffer })
  const totp = new TOTP({ ...totpFigures, issuer, label: email, secret })
  return { secret: secret.base32, otpauthUri: totp.toString() }
}
