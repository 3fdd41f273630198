import type { Language } from './language.ts'

/** What somebody reported, in their own words. Any of it may be a message that only the operator's OpenPGP key opens. */
export type WeaknessReport = {
  readonly what: string
  readonly impact: string
  readonly reproduction: string
  /** How they are reached; empty: not at all. */
  readonly contact: string
  /** Under which name they want to be credited; null: not at all. */
  readonly creditName: string | null
  readonly language: Language
}

/** Whether the text is an OpenPGP message (RFC 9580 §6.2), which tells everything that the other fields ask for. */
export function isPgpMessage(text: string): boolean {
  return /^\s*-----BEGIN PGP MESSAGE-----\r?\n[\s\S]+-----END PGP MESSAGE-----\s*$/.test(text)
}
