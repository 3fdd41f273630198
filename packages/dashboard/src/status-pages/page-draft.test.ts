import { expect, it } from 'vitest'
import { toDescription, toSlug } from './page-draft.ts'

it.each([
  ['Acme Status', 'acme-status'],
  ['  Café — São Paulo! ', 'cafe-sao-paulo'],
  ['稼働状況', ''],
])('the name %s proposes the address %s', (name, slug) => {
  expect(toSlug(name)).toBe(slug)
})

it('an empty description is none, and one of a word is that word', () => {
  const draft = { name: 'x', slug: 'xx', timeZone: 'UTC', language: 'auto', autoPublish: true } as const
  expect(toDescription({ ...draft, description: '  ' })).toBeNull()
  expect(toDescription({ ...draft, description: ' Hi ' })).toBe('Hi')
})
