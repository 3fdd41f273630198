import { expect, it } from 'vitest'
import { type Said, toRule, toSaid, toStart } from './recurrence.ts'

// A Sunday, the second of its month.
const startsAt = '2026-12-13T02:00'

it.each<[said: Said, rule: object]>([
  [{ repeat: 'never' }, {}],
  [{ repeat: 'daily', until: '' }, { rrule: 'FREQ=DAILY' }],
  [{ repeat: 'daily', until: '2027-01-31' }, { rrule: 'FREQ=DAILY;UNTIL=20270131' }],
  [{ repeat: 'weekly', weekdays: ['MO', 'SU'], until: '' }, { rrule: 'FREQ=WEEKLY;BYDAY=MO,SU' }],
  [{ repeat: 'monthly', on: 'date', until: '' }, { rrule: 'FREQ=MONTHLY' }],
  [{ repeat: 'monthly', on: 'weekday', until: '' }, { rrule: 'FREQ=MONTHLY;BYDAY=2SU' }],
  [
    { repeat: 'monthly', on: 'last', until: '2027-12-31' },
    { rrule: 'FREQ=MONTHLY;BYDAY=-1SU;UNTIL=20271231' },
  ],
  [{ repeat: 'rrule', rule: 'FREQ=DAILY;INTERVAL=2' }, { rrule: 'FREQ=DAILY;INTERVAL=2' }],
  [{ repeat: 'cron', rule: '0 2 * * 0' }, { cron: '0 2 * * 0' }],
])('what a person says of recurrence becomes a rule, and comes back: %j', (said, rule) => {
  expect(toRule(said, startsAt)).toEqual(rule)
  const { rrule = null, cron = null } = toRule(said, startsAt)
  expect(toSaid(rrule, cron, startsAt)).toEqual(said)
})

it('a week without a chosen day recurs on the day of its first time', () => {
  expect(toRule({ repeat: 'weekly', weekdays: [], until: '' }, startsAt)).toEqual({
    rrule: 'FREQ=WEEKLY;BYDAY=SU',
  })
})

it('a first time is entered by the clocks of the maintenance, and kept as it was unless somebody moves it', () => {
  expect(toStart('2026-12-13T02:00', 'Asia/Tokyo', undefined)).toBe('2026-12-12T17:00:00.000Z')
  const before = '2026-12-12T17:00:12.000Z'
  expect(toStart('2026-12-13T02:00', 'Asia/Tokyo', before)).toBe(before)
  expect(toStart('2026-12-13T02:00', 'America/St_Johns', before)).toBe('2026-12-13T05:30:00.000Z')
})
