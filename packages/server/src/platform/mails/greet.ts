import type { Language } from '../domain/language.ts'

/**
 * The name for the greeting; null for an unproven address, whose reader is unknown: the name would be a stranger's text
 * to them (S9).
 */
export function toGreeted({
  name,
  emailVerifiedAtMs,
}: {
  readonly name: string
  readonly emailVerifiedAtMs: number | null
}): string | null {
  return emailVerifiedAtMs === null ? null : name
}

export function greet(language: Language, name: string | null): string {
  switch (language) {
    case 'en':
      return name === null ? 'Hello,' : `Hello ${name},`
    case 'ja':
      return name === null ? 'こんにちは。' : `${name} 様`
  }
}
