import { expect, it } from 'vitest'
import { toSlug } from './org.ts'

it.each<[promise: string, string, string]>([
  ['words are joined by hyphens', 'Acme & Sons', 'acme-sons-3f9c1a'],
  ['accents are dropped', 'Café Zürich', 'cafe-zurich-3f9c1a'],
  ['a name without Latin letters is its suffix', '門番', '3f9c1a'],
  ['a long name is cut without a hanging hyphen', `${'a'.repeat(39)} b`, `${'a'.repeat(39)}-3f9c1a`],
])('%s', (_promise, name, slug) => expect(toSlug(name, '3f9c1a')).toBe(slug))
