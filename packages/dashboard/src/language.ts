export const languages = ['en', 'ja'] as const
export type Language = (typeof languages)[number]

/** One form of words in each language; the type holds the second to the keys of the first. */
export type Said<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...given: infer Given) => string
      ? (...given: Given) => string
      : Said<T[K]>
}

const item = 'gatehouse-language'

/** Of those that we speak, what the browser prefers. */
export const browserLanguage: Language = /^ja\b/i.test(navigator.language) ? 'ja' : 'en'

/** The language of this screen: what its person has chosen, else the browser's. */
export const language: Language = readChosen() ?? browserLanguage

/**
 * Remembers what the account says, or null, for the next start of the app. True: this screen speaks another language, and
 * has to start anew, since all words are read when it starts.
 */
export function keepLanguage(chosen: Language | null): boolean {
  if (chosen === null) localStorage.removeItem(item)
  else localStorage.setItem(item, chosen)
  return (chosen ?? browserLanguage) !== language
}

export function inLanguage<T>(translations: { readonly en: T; readonly ja: Said<T> }): Said<T> {
  // Safe: a form of words is what it says itself.
  return language === 'ja' ? translations.ja : (translations.en as Said<T>)
}

function readChosen(): Language | undefined {
  // Outside of a browser words are read by tests alone.
  if (typeof localStorage === 'undefined') return undefined
  const stored = localStorage.getItem(item)
  return languages.find((known) => known === stored)
}
