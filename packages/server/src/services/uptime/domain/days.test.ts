import { describe, expect, it } from 'vitest'
import { lastDays } from './days.ts'

const hour = 3_600_000

function day(timeZone: string, date: string) {
  const found = lastDays(Date.parse(`${date}T12:00:00Z`) + 2 * 24 * hour, 6, timeZone).find(
    (each) => each.date === date,
  )
  if (found === undefined) throw new Error(`No ${date} in ${timeZone}`)
  return { from: new Date(found.fromMs).toISOString(), hours: (found.toMs - found.fromMs) / hour }
}

describe('the days of a page', () => {
  it('end with the one that holds now, in its zone', () => {
    const days = lastDays(Date.parse('2026-03-10T15:30:00Z'), 90, 'Asia/Tokyo')
    expect(days).toHaveLength(90)
    expect(days.at(-1)).toEqual({
      date: '2026-03-11',
      fromMs: Date.parse('2026-03-10T15:00:00Z'),
      toMs: Date.parse('2026-03-11T15:00:00Z'),
    })
  })

  it.each([
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z', 23],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', 25],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00.000Z', 24.5],
    ['Asia/Kathmandu', '2026-01-15', '2026-01-14T18:15:00.000Z', 24],
    // Midnight does not exist: the day begins at one o'clock.
    ['Asia/Beirut', '2026-03-29', '2026-03-28T22:00:00.000Z', 23],
    ['America/Havana', '2026-03-08', '2026-03-08T05:00:00.000Z', 23],
    // Midnight comes twice: the day begins at the first.
    ['America/Havana', '2026-11-01', '2026-11-01T04:00:00.000Z', 25],
    // A whole day left out.
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z', 0],
  ])('%s, %s begins at %s and has %f hours', (timeZone, date, from, hours) =>
    expect(day(timeZone, date)).toEqual({ from, hours }),
  )

  it.each([
    'UTC',
    'Asia/Tokyo',
    'Europe/Berlin',
    'America/Havana',
    'Australia/Lord_Howe',
    'America/Sao_Paulo',
  ])('in %s follow each other without a gap over two years', (timeZone) => {
    const days = lastDays(Date.parse('2019-12-31T12:00:00Z'), 730, timeZone)
    days.slice(1).forEach(({ fromMs }, index) => expect(fromMs).toBe(days[index]?.toMs))
  })
})
