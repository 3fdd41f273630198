import fc from 'fast-check'
import { types } from 'pg'
import { expect, it } from 'vitest'
import { readInstant, typeParsers } from './read-instant.ts'

const { TIMESTAMPTZ, INT8 } = types.builtins

/** As PostgreSQL writes an instant: without the zeros at the end of a fraction. */
function write(instant: Date): string {
  const iso = instant.toISOString()
  const fraction = iso.slice(19, 23).replace(/\.?0+$/, '')
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction}+00`
}

it('an instant is read to the millisecond that was written', () => {
  const min = new Date('0001-01-01T00:00:00.000Z')
  const max = new Date('9999-12-31T23:59:59.999Z')
  fc.assert(
    fc.property(fc.date({ min, max, noInvalidDate: true }), (instant) => {
      expect(readInstant(write(instant))).toEqual(instant)
    }),
    { numRuns: 1_000 },
  )
})

it.each([
  ['2026-12-01 02:43:36+00', '2026-12-01T02:43:36.000Z'],
  ['2026-12-01 02:43:36.1+00', '2026-12-01T02:43:36.100Z'],
  ['2026-12-01 02:43:36.123456+00', '2026-12-01T02:43:36.123Z'],
  ['2026-12-01 11:43:36.5+09', '2026-12-01T02:43:36.500Z'],
  ['2026-12-01 08:13:36+05:30', '2026-12-01T02:43:36.000Z'],
  ['0099-12-01 02:43:36+00', '0099-12-01T02:43:36.000Z'],
  ['12026-12-01 02:43:36+00', '+012026-12-01T02:43:36.000Z'],
  ['0044-03-15 12:00:00+00 BC', '-000043-03-15T12:00:00.000Z'],
])('%s is %s', (text, iso) => expect(readInstant(text).toISOString()).toBe(iso))

it('what never comes is what the driver makes of it, and other types are read as before', () => {
  expect(readInstant('infinity')).toBe(Number.POSITIVE_INFINITY)
  expect(typeParsers.getTypeParser(TIMESTAMPTZ, 'text')).toBe(readInstant)
  expect(typeParsers.getTypeParser(TIMESTAMPTZ, 'binary')).toBe(types.getTypeParser(TIMESTAMPTZ, 'binary'))
  expect(typeParsers.getTypeParser(INT8)).toBe(types.getTypeParser(INT8))
})
