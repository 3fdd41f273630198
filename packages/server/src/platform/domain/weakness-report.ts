import type { Language } from './language.ts'

/**
 * A report in the reporter's own words. Any text of it may be a message that only the operator's OpenPGP key can
 * decrypt.
 */
export type WeaknessReport = {
  readonly what: string
  readonly impact: string
  readonly reproduction: string
  /** How to reach the reporter; empty when they gave no contact. */
  readonly contact: string
  /** The name under which the reporter wants to be credited; null for no credit. */
  readonly creditName: string | null
  readonly language: Language
}

/** Whether the text is an OpenPGP message (RFC 9580 §6.2), which contains the answers to the other fields itself. */
export function isPgpMessage(text: string): boolean {
  return /^\s*-----BEGIN PGP MESSAGE-----\r?\n[\s\S]+-----END PGP MESSAGE-----\s*$/.test(text)
}
