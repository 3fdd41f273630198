import { describe, expect, it } from 'vitest'
import { addMonths, groupByDay, inMonth, listWeeks, readWeekStart } from './month-grid.ts'

const inTokyo = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Tokyo' })
const inUtc = new Intl.DateTimeFormat('en-CA', { timeZone: 'UTC' })
const [monday, saturday, sunday] = [1, 6, 7]

describe('a-month-is-laid-out-by-the-clocks-of-the-reader', () => {
  it.each([
    ['2026-12', monday, '2026-11-30', '2027-01-03', 5],
    ['2026-12', sunday, '2026-11-29', '2027-01-02', 5],
    ['2026-08', monday, '2026-07-27', '2026-09-06', 6],
    ['2026-02', sunday, '2026-02-01', '2026-02-28', 4],
    ['2026-02', saturday, '2026-01-31', '2026-03-06', 5],
  ])('%s with weeks from day %i goes from %s to %s', (month, weekStart, first, last, count) => {
    const weeks = listWeeks(month, weekStart)
    expect([weeks[0]?.[0], weeks.at(-1)?.[6], weeks.length]).toEqual([first, last, count])
    expect(weeks.every((week) => week.length === 7)).toBe(true)
  })

  it('weeks begin as the region has it', () => {
    expect(readWeekStart('en-GB')).toBe(monday)
    expect(readWeekStart('en-US')).toBe(sunday)
    expect(readWeekStart('ja-JP')).toBe(sunday)
  })

  it('months follow each other across years, and a day that a month has not is its last', () => {
    expect(addMonths('2026-12', 1)).toBe('2027-01')
    expect(addMonths('2026-01', -1)).toBe('2025-12')
    expect(inMonth('2026-01-31', '2026-02')).toBe('2026-02-28')
    expect(inMonth('2024-03-30', '2024-02')).toBe('2024-02-29')
  })

  const days = ['2026-12-01', '2026-12-02', '2026-12-03']
  const on = (startsAt: string, endsAt: string | null, format = inUtc, today = '2026-12-02') => [
    ...groupByDay([{ startsAt, endsAt }], days, (at) => format.format(at), today).keys(),
  ]

  it('a time is on the days that it has in the zone of the reader', () => {
    expect(on('2026-12-01T16:00:00Z', '2026-12-01T17:00:00Z')).toEqual(['2026-12-01'])
    expect(on('2026-12-01T16:00:00Z', '2026-12-01T17:00:00Z', inTokyo)).toEqual(['2026-12-02'])
  })

  it('over midnight it is on both days, and one that ends at midnight is not on the next', () => {
    expect(on('2026-12-01T23:00:00Z', '2026-12-02T00:00:00Z')).toEqual(['2026-12-01'])
    expect(on('2026-12-01T23:00:00Z', '2026-12-02T00:00:01Z')).toEqual(['2026-12-01', '2026-12-02'])
  })

  it('one that lasts until it is ended is on up to today, and on its own day when that is to come', () => {
    expect(on('2026-12-01T10:00:00Z', null)).toEqual(['2026-12-01', '2026-12-02'])
    expect(on('2026-12-03T10:00:00Z', null)).toEqual(['2026-12-03'])
  })

  it('without any it is on no day, and what began before the days is on the first', () => {
    expect(on('2026-11-01T10:00:00Z', '2026-12-01T10:00:00Z')).toEqual(['2026-12-01'])
    expect(on('2026-11-01T10:00:00Z', '2026-11-02T10:00:00Z')).toEqual([])
  })
})
