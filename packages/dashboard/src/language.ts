export type Language = 'en' | 'ja'

/** One form of words in each language; the type holds the second to the keys of the first. */
export type Said<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...given: infer Given) => string
      ? (...given: Given) => string
      : Said<T[K]>
}

/** The language of this screen, of those that we speak. */
export const language: Language = /^ja\b/i.test(navigator.language) ? 'ja' : 'en'

export function inLanguage<T>(translations: { readonly en: T; readonly ja: Said<T> }): Said<T> {
  // Safe: a form of words is what it says itself.
  return language === 'ja' ? translations.ja : (translations.en as Said<T>)
}
