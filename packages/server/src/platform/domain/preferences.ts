import type { Language } from './language.ts'

export const themes = ['light', 'dark', 'system'] as const

export type Theme = (typeof themes)[number]

/** How a person wants things to be shown, in every browser and in mails. */
export type Preferences = {
  /** Null for the browser's language. */
  readonly language: Language | null
  /** An IANA time zone; null for that of the browser, and UTC in mails. */
  readonly timeZone: string | null
  readonly theme: Theme
}

export const notChosen: Preferences = { language: null, timeZone: null, theme: 'system' }
