import type { Language } from './language.ts'
import type { Preferences } from './preferences.ts'

export type Person = {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly emailVerifiedAtMs: number | null
  /** What the person is written to in: the chosen language, else that of the browser that made the account. */
  readonly language: Language
  readonly preferences: Preferences
  readonly deletionScheduledAtMs: number | null
  readonly createdAtMs: number
}

/** How the person reads what is written to them. */
export function toReader({ language, preferences }: Pick<Person, 'language' | 'preferences'>) {
  return { language, timeZone: preferences.timeZone }
}
