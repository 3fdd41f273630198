import { randomInt } from 'node:crypto'
import type { KeyDigests } from '@gatehouse/kernel/keys'

/** Consonants, so that a code spells nothing; without Y, and none that looks like a digit. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ'

/** Eight letters for a person to type from one screen into another: `BCDF-GHJK`, of 2.56 × 10^10. */
export function mintUserCode(): string {
  const code = Array.from({ length: 8 }, () => letters[randomInt(letters.length)] ?? '').join('')
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

/** Eight digits for a person to copy out of a mail; of 256 bits, so that each code is as likely as every other. */
export function toDigits(secret: Buffer): string {
  return String(BigInt(`0x${secret.toString('hex')}`) % 100_000_000n).padStart(8, '0')
}

/**
 * A short code at rest: whoever holds the database could try all codes against a plain hash, so the pepper, which is
 * not in it, goes in. `use` keeps codes of one kind from standing for another.
 */
export function digestCode(digests: KeyDigests, use: string, code: string): Buffer {
  return digests.digest(`${use}:${code.replaceAll('-', '')}`, digests.currentVersion)
}
