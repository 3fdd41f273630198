import { expect, it } from 'vitest'
import { type Language, toLanguage } from './language.ts'

it.each<[promise: string, string | undefined, Language]>([
  ['no wish is English', undefined, 'en'],
  ['a region counts as its language', 'ja-JP', 'ja'],
  ['the first of equals wins', 'ja, en', 'ja'],
  ['a higher quality wins', 'ja;q=0.5, en;q=0.9', 'en'],
  ['a language we do not speak is passed over', 'fr, ja;q=0.2', 'ja'],
  ['quality 0 means never', 'ja;q=0', 'en'],
  ['nonsense is English', ';;,q=,ja;q=x', 'en'],
])('%s', (_promise, header, language) => expect(toLanguage(header)).toBe(language))
