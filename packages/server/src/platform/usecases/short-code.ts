import { randomInt } from 'node:crypto'
import type { KeyDigests } from '@gatehouse/kernel/keys'

/** Consonants only, so that a code spells no words; without Y and without letters that look like digits. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ'

/** Eight letters that a person types from one screen into another, such as `BCDF-GHJK`; one of 2.56 × 10^10. */
export function mintUserCode(): string {
  const code = Array.from({ length: 8 }, () => letters[randomInt(letters.length)] ?? '').join('')
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

/** Eight digits that a person copies from a mail; derived from 256 bits, so that all codes are equally likely. */
export function toDigits(secret: Buffer): string {
  return String(BigInt(`0x${secret.toString('hex')}`) % 100_000_000n).padStart(8, '0')
}

/**
 * The stored form of a short code. All codes could be tried against a plain hash in the database, so it is keyed with
 * the pepper, which is not in the database. `use` separates codes of different kinds.
 */
export function digestCode(digests: KeyDigests, use: string, code: string): Buffer {
  return digests.digest(`${use}:${code.replaceAll('-', '')}`, digests.currentVersion)
}
