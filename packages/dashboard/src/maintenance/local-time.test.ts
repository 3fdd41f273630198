import { expect, it } from 'vitest'
import { toInstant, toLocal } from './local-time.ts'

it('what a field shows of a moment means that moment, to the minute', () => {
  expect(toInstant(toLocal('2026-03-29T10:17:00.000Z'))).toBe('2026-03-29T10:17:00.000Z')
  expect(toInstant('no time')).toBe('no time')
})
