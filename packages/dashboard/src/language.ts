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

/** The language of this screen, of those that we speak: what was chosen here, then what the browser prefers. */
export const language: Language = readChosen() ?? (/^ja\b/i.test(navigator.language) ? 'ja' : 'en')

/** All words are read when the app starts, so that it has to start anew. */
export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(item, chosen)
  location.reload()
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
