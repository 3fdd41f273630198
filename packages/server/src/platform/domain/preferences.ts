import type { Language } from './language.ts'

export const themes = ['light', 'dark', 'system'] as const

export type Theme = (typeof themes)[number]

/** How a person wants to be shown things, on every browser and in mails. */
export type Preferences = {
  /** Null: that of the browser. */
  readonly language: Language | null
  /** An IANA time zone; null: that of the browser, and UTC in mails. */
  readonly timeZone: string | null
  readonly theme: Theme
}

export const notChosen: Preferences = { language: null, timeZone: null, theme: 'system' }
