import { expect, it } from 'vitest'
import { toData } from './to-data.ts'

it('a returned string holds at most 2,000 characters, and half a character is never left at its end', () => {
  expect(toData('x'.repeat(2_000))).toBe('x'.repeat(2_000))
  expect(toData('x'.repeat(2_001))).toBe(`${'x'.repeat(1_999)}…`)
  const cut = toData(`${'x'.repeat(1_998)}${'🙂'.repeat(9)}`)
  expect(cut).toBe(`${'x'.repeat(1_998)}\ufffd…`)
})

it('controls are shown escaped, in values and in names, and other data stays as it is', () => {
  expect(toData({ 'a\u0000': ['\u202eb', '\nc', 1, true, null], d: { e: '\u009b' } })).toEqual({
    'a\\u0000': ['\\u202eb', '\\u000ac', 1, true, null],
    d: { e: '\\u009b' },
  })
})
