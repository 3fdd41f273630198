export const languages = ['en', 'ja'] as const
export type Language = (typeof languages)[number]

/** The texts in each language; the type requires the same keys in both. */
export type Said<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...given: infer Given) => string
      ? (...given: Given) => string
      : Said<T[K]>
}

const item = 'gatehouse-language'

/** The browser's preferred language among those available. */
export const browserLanguage: Language = /^ja\b/i.test(navigator.language) ? 'ja' : 'en'

/** The language of this screen: the user's choice, else the browser's. */
export const language: Language = readChosen() ?? browserLanguage

/** Whose form dates, times and spans have: the one that mails and status pages have too. */
export const locale = language === 'ja' ? 'ja-JP' : 'en-GB'

/**
 * Stores the account's language, or null, for the next start of the app. Returns true if the screen has another
 * language and must be reloaded, because texts are read at start-up.
 */
export function keepLanguage(chosen: Language | null): boolean {
  if (chosen === null) localStorage.removeItem(item)
  else localStorage.setItem(item, chosen)
  return (chosen ?? browserLanguage) !== language
}

export function inLanguage<T>(translations: { readonly en: T; readonly ja: Said<T> }): Said<T> {
  // Safe: the English texts are the source of the type.
  return language === 'ja' ? translations.ja : (translations.en as Said<T>)
}

function readChosen(): Language | undefined {
  // Outside a browser, only tests read texts.
  if (typeof localStorage === 'undefined') return undefined
  const stored = localStorage.getItem(item)
  return languages.find((known) => known === stored)
}
