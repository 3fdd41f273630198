import type { Language } from './language.ts'
import type { Preferences } from './preferences.ts'

export type Person = {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly emailVerifiedAtMs: number | null
  /** The language of mails to the person: the chosen one, else that of the browser that created the account. */
  readonly language: Language
  readonly preferences: Preferences
  readonly deletionScheduledAtMs: number | null
  readonly createdAtMs: number
}

/** The language and time zone for texts to the person. */
export function toReader({ language, preferences }: Pick<Person, 'language' | 'preferences'>) {
  return { language, timeZone: preferences.timeZone }
}
