import { expect, it } from 'vitest'
import { toSlug, toTestOrgName } from './org.ts'

it.each<[promise: string, string, string]>([
  ['words are joined by hyphens', 'Acme & Sons', 'acme-sons-3f9c1a'],
  ['accents are dropped', 'Café Zürich', 'cafe-zurich-3f9c1a'],
  ['a name without Latin letters is its suffix', '門番', '3f9c1a'],
  ['a long name is cut without a hanging hyphen', `${'a'.repeat(39)} b`, `${'a'.repeat(39)}-3f9c1a`],
])('%s', (_promise, name, slug) => expect(toSlug(name, '3f9c1a')).toBe(slug))

it.each<[promise: string, string, string]>([
  ['a test org says what it is', 'Acme', 'Acme (test)'],
  ['the longest name that fits whole stays whole', 'é'.repeat(93), `${'é'.repeat(93)} (test)`],
  ['one character more is cut', '門'.repeat(94), `${'門'.repeat(93)} (test)`],
  ['characters beyond the basic plane are not cut in two', '🐘'.repeat(100), `${'🐘'.repeat(93)} (test)`],
  ['no blank is left before the mark', `${'a'.repeat(92)} bc`, `${'a'.repeat(92)} (test)`],
])('%s', (_promise, name, testName) => expect(toTestOrgName(name)).toBe(testName))
