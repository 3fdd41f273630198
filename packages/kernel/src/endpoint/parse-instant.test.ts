import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { day, instant } from './fields.ts'
import { parseDay, parseInstant } from './parse-instant.ts'

describe('a time on the wire is one that calendar and clock show', () => {
  it.each([
    ['2026-01-31T12:00:00.000Z', Date.UTC(2026, 0, 31, 12)],
    ['2026-01-31T12:00Z', Date.UTC(2026, 0, 31, 12)],
    ['2026-01-31T12:00:00.1Z', Date.UTC(2026, 0, 31, 12, 0, 0, 100)],
    ['2026-01-31T12:00:00.123456789Z', Date.UTC(2026, 0, 31, 12, 0, 0, 123)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2000-02-29T23:59:59.999Z', Date.UTC(2000, 1, 29, 23, 59, 59, 999)],
    ['2026-01-01T00:30:00+09:00', Date.UTC(2025, 11, 31, 15, 30)],
    ['2026-01-01T00:30:00-00:00', Date.UTC(2026, 0, 1, 0, 30)],
    ['2026-12-31T23:30:00-05:30', Date.UTC(2027, 0, 1, 5)],
    ['9999-12-31T23:59:59.999Z', Date.UTC(9999, 11, 31, 23, 59, 59, 999)],
    ['0002-01-01T00:00:00Z', -62_104_060_800_000],
    ['0050-06-01T00:00:00Z', -60_576_249_600_000],
  ])('%s', (text, atMs) => expect(parseInstant(text)).toBe(atMs))

  it.each([
    '2026-11-31T10:00:00Z',
    '2026-02-29T10:00:00Z',
    '2100-02-29T10:00:00Z',
    '2026-02-30T10:00:00+09:00',
    '2026-04-31T10:00Z',
    '2026-00-10T10:00:00Z',
    '2026-13-10T10:00:00Z',
    '2026-01-00T10:00:00Z',
    '2026-01-32T10:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T25:00:00Z',
    '2026-01-31T10:60:00Z',
    '2016-12-31T23:59:60Z',
    '2026-01-31T10:00:00+24:00',
    '2026-01-31T10:00:00+09:60',
    '2026-01-31T10:00:00',
    '2026-01-31',
    '2026-01-31 10:00:00Z',
    '2026-01-31T10:00:00.Z',
    '2026-01-31T10:00:00+0900',
    '2026-01-31T10:00:00+09',
    '+002026-01-31T10:00:00Z',
    '-000001-01-31T10:00:00Z',
    '0000-01-01T00:00:00Z',
    '0001-12-31T23:59:59.999Z',
    '0002-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '２０２６-01-31T10:00:00Z',
    '2026-01-31T10:00:00Z\n',
    '1769853600000',
    '',
  ])('%j is none', (text) => expect(parseInstant(text)).toBeUndefined())

  it('the refusal names the field', () => {
    const body = z.strictObject({ maintenanceUntil: instant, from: day })
    const { error } = body.safeParse({ maintenanceUntil: '2026-11-31T10:00:00Z', from: '2026-02-30' })
    expect(error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
      ['maintenanceUntil', 'must be an ISO 8601 time with a zone, such as 2026-01-31T12:00:00.000Z'],
      ['from', 'must be a day such as 2026-01-31'],
    ])
  })
})

describe('a day', () => {
  it.each(['2026-01-31', '2024-02-29', '0002-01-01', '9999-12-31'])('%s', (text) =>
    expect(new Date(parseDay(text) ?? Number.NaN).toISOString().slice(0, 10)).toBe(text),
  )
  it.each(['2026-02-29', '2026-11-31', '0001-12-31', '2026-1-31', '2026-01-31T00:00Z', ''])(
    '%j is none',
    (text) => expect(parseDay(text)).toBeUndefined(),
  )
})
