import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listOccurrences } from './occurrences.ts'
import { type ParsedRule, parseCron, parseRrule, type RecurrenceRule } from './recurrence-rule.ts'

const yearMs = 366 * 86_400_000
const shortly = { dateStyle: 'short', timeStyle: 'short' } as const
const formats = new Map<string, Intl.DateTimeFormat>()

function accepted(parsed: ParsedRule): RecurrenceRule {
  if (!parsed.accepted) throw new Error(parsed.message)
  return parsed.rule
}

/** As clocks of the zone show it. */
function show(ms: number, timeZone: string): string {
  const made = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { ...shortly, timeZone })
  formats.set(timeZone, made)
  const parts = made.formatToParts(ms)
  const part = (type: string) => parts.find((found) => found.type === type)?.value
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`
}

function next(rule: RecurrenceRule, timeZone: string, start: string, count: number): readonly string[] {
  const startsAtMs = Date.parse(start)
  const found = listOccurrences({ rule, timeZone, startsAtMs }, startsAtMs, startsAtMs + 5 * yearMs)
  return [...found.take(count)].map(
    (ms) => `${new Date(ms).toISOString().slice(0, 16)}Z ${show(ms, timeZone)}`,
  )
}

describe('recurring-maintenance-keeps-its-hour', () => {
  it.each<[promise: string, rule: string, zone: string, start: string, expected: readonly string[]]>([
    [
      'keeps its hour in Tokyo, where clocks never change',
      'FREQ=WEEKLY;BYDAY=SU',
      'Asia/Tokyo',
      '2026-03-06T17:00:00Z',
      ['2026-03-07T17:00Z 2026-03-08 02:00', '2026-03-14T17:00Z 2026-03-15 02:00'],
    ],
    [
      'keeps its hour in New York when clocks go forward',
      'FREQ=DAILY',
      'America/New_York',
      '2026-03-07T06:00:00Z',
      [
        '2026-03-07T06:00Z 2026-03-07 01:00',
        '2026-03-08T06:00Z 2026-03-08 01:00',
        '2026-03-09T05:00Z 2026-03-09 01:00',
      ],
    ],
    [
      'begins at the first instant after an hour that is skipped in New York',
      'FREQ=DAILY',
      'America/New_York',
      '2026-03-07T07:30:00Z',
      [
        '2026-03-07T07:30Z 2026-03-07 02:30',
        '2026-03-08T07:00Z 2026-03-08 03:00',
        '2026-03-09T06:30Z 2026-03-09 02:30',
      ],
    ],
    [
      'uses the first of two hours in New York',
      'FREQ=DAILY',
      'America/New_York',
      '2026-10-31T05:30:00Z',
      [
        '2026-10-31T05:30Z 2026-10-31 01:30',
        '2026-11-01T05:30Z 2026-11-01 01:30',
        '2026-11-02T06:30Z 2026-11-02 01:30',
      ],
    ],
    [
      "begins at the first instant after an hour that is skipped in St John's, half an hour off",
      'FREQ=DAILY',
      'America/St_Johns',
      '2026-03-07T05:45:00Z',
      [
        '2026-03-07T05:45Z 2026-03-07 02:15',
        '2026-03-08T05:30Z 2026-03-08 03:00',
        '2026-03-09T04:45Z 2026-03-09 02:15',
      ],
    ],
    [
      "uses the first of two hours in St John's",
      'FREQ=DAILY',
      'America/St_Johns',
      '2026-10-31T03:45:00Z',
      [
        '2026-10-31T03:45Z 2026-10-31 01:15',
        '2026-11-01T03:45Z 2026-11-01 01:15',
        '2026-11-02T04:45Z 2026-11-02 01:15',
      ],
    ],
    [
      'every other week counts weeks from Monday',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO',
      'UTC',
      '2026-11-29T10:00:00Z',
      [
        '2026-11-29T10:00Z 2026-11-29 10:00',
        '2026-12-07T10:00Z 2026-12-07 10:00',
        '2026-12-13T10:00Z 2026-12-13 10:00',
      ],
    ],
    [
      'the last Friday and the second Tuesday of a month are found',
      'FREQ=MONTHLY;BYDAY=-1FR,2TU',
      'UTC',
      '2026-12-01T10:00:00Z',
      [
        '2026-12-08T10:00Z 2026-12-08 10:00',
        '2026-12-25T10:00Z 2026-12-25 10:00',
        '2027-01-12T10:00Z 2027-01-12 10:00',
      ],
    ],
    [
      'a month without its day is left out',
      'FREQ=MONTHLY',
      'UTC',
      '2026-12-31T10:00:00Z',
      [
        '2026-12-31T10:00Z 2026-12-31 10:00',
        '2027-01-31T10:00Z 2027-01-31 10:00',
        '2027-03-31T10:00Z 2027-03-31 10:00',
      ],
    ],
    [
      'the last day of a month is named from its end',
      'FREQ=MONTHLY;BYMONTHDAY=-1',
      'UTC',
      '2027-02-01T10:00:00Z',
      ['2027-02-28T10:00Z 2027-02-28 10:00', '2027-03-31T10:00Z 2027-03-31 10:00'],
    ],
    [
      'a count ends it',
      'FREQ=DAILY;INTERVAL=3;COUNT=2',
      'UTC',
      '2026-12-01T10:00:00Z',
      ['2026-12-01T10:00Z 2026-12-01 10:00', '2026-12-04T10:00Z 2026-12-04 10:00'],
    ],
    [
      'a last day ends it, by the clocks of its zone',
      'FREQ=DAILY;UNTIL=20261202',
      'Asia/Tokyo',
      '2026-12-01T14:00:00Z',
      ['2026-12-01T14:00Z 2026-12-01 23:00', '2026-12-02T14:00Z 2026-12-02 23:00'],
    ],
    [
      'a last moment ends it, itself included',
      'FREQ=DAILY;UNTIL=20261202T100000Z',
      'UTC',
      '2026-12-01T10:00:00Z',
      ['2026-12-01T10:00Z 2026-12-01 10:00', '2026-12-02T10:00Z 2026-12-02 10:00'],
    ],
  ])('%s', (_promise, rule, zone, start, expected) =>
    expect(
      next(accepted(parseRrule(rule)), zone, start, expected.length + (/COUNT|UNTIL/.test(rule) ? 1 : 0)),
    ).toEqual(expected),
  )

  it.each<[promise: string, cron: string, start: string, expected: readonly string[]]>([
    [
      'cron names minutes, hours and weekdays',
      '30 2 * * mon-tue',
      '2026-11-30T00:00:00Z',
      [
        '2026-11-30T07:30Z 2026-11-30 02:30',
        '2026-12-01T07:30Z 2026-12-01 02:30',
        '2026-12-07T07:30Z 2026-12-07 02:30',
      ],
    ],
    [
      'a day of the month or a weekday: either will do',
      '0 3 13 * 0',
      '2026-12-10T00:00:00Z',
      ['2026-12-13T08:00Z 2026-12-13 03:00', '2026-12-20T08:00Z 2026-12-20 03:00'],
    ],
    [
      'times that clocks skip begin once, together',
      '0,30 2,3 * * *',
      '2026-03-08T05:00:00Z',
      [
        '2026-03-08T07:00Z 2026-03-08 03:00',
        '2026-03-08T07:30Z 2026-03-08 03:30',
        '2026-03-09T06:00Z 2026-03-09 02:00',
      ],
    ],
    [
      'steps go through the whole or a range',
      '*/30 9-17/8 1 1 *',
      '2026-12-10T00:00:00Z',
      [
        '2027-01-01T14:00Z 2027-01-01 09:00',
        '2027-01-01T14:30Z 2027-01-01 09:30',
        '2027-01-01T22:00Z 2027-01-01 17:00',
      ],
    ],
  ])('%s', (_promise, cron, start, expected) =>
    expect(next(accepted(parseCron(cron)), 'America/New_York', start, expected.length)).toEqual(expected),
  )

  it('never and nowhere begins earlier than asked, twice at once, or at another time of day than clocks allow', () => {
    const zones = [
      'Asia/Tokyo',
      'America/St_Johns',
      'America/New_York',
      'Australia/Lord_Howe',
      'Europe/Berlin',
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(
          'FREQ=DAILY',
          'FREQ=WEEKLY;BYDAY=SA,SU',
          'FREQ=MONTHLY;BYDAY=2SU',
          'FREQ=DAILY;COUNT=300',
        ),
        fc.integer({ min: 0, max: (366 * 86_400) / 60 }),
        fc.integer({ min: 0, max: 400 }),
        (timeZone, text, minutes, laterDays) => {
          const startsAtMs = Date.UTC(2026, 0, 1) + minutes * 60_000
          const recurrence = { rule: accepted(parseRrule(text)), timeZone, startsAtMs }
          const all = [...listOccurrences(recurrence, startsAtMs, startsAtMs + 2 * yearMs)]
          const clock = show(startsAtMs, timeZone).slice(11)
          for (const [index, ms] of all.entries()) {
            expect(ms).toBeGreaterThan(all[index - 1] ?? startsAtMs - 1)
            // Only what was skipped begins at another time, and then a minute earlier clocks show one before it.
            if (show(ms, timeZone).slice(11) !== clock)
              expect(show(ms - 60_000, timeZone).slice(11) < clock).toBe(true)
          }
          // Whoever looks later sees the same ones.
          const laterMs = startsAtMs + laterDays * 86_400_000
          expect([...listOccurrences(recurrence, laterMs, startsAtMs + 2 * yearMs)]).toEqual(
            all.filter((ms) => ms >= laterMs),
          )
        },
      ),
      { numRuns: 50 },
    )
  })

  it.each([
    ['an hour', 'FREQ=HOURLY', 'FREQ=DAILY'],
    ['nothing', '', 'each named once'],
    ['a part twice', 'FREQ=DAILY;FREQ=DAILY', 'each named once'],
    ['a part that is not known', 'FREQ=DAILY;BYHOUR=3', 'no other parts'],
    ['no interval', 'FREQ=DAILY;INTERVAL=0', 'INTERVAL of 1 to'],
    ['a weekday of no month', 'FREQ=WEEKLY;BYDAY=2TU', 'BYDAY'],
    ['a day of no week', 'FREQ=WEEKLY;BYMONTHDAY=2', 'BYMONTHDAY'],
    ['a day of no month', 'FREQ=MONTHLY;BYMONTHDAY=32', 'BYMONTHDAY'],
    ['two ends', 'FREQ=DAILY;COUNT=2;UNTIL=20261202', 'not both'],
    ['a day that is none as its end', 'FREQ=DAILY;UNTIL=20260230', 'UNTIL such as'],
  ])('a rule of %s is refused with its reason', (_what, rule, reason) =>
    expect(parseRrule(rule)).toMatchObject({ accepted: false, message: expect.stringContaining(reason) }),
  )

  it.each([
    ['four fields', '0 2 * *', 'five fields'],
    ['the minute 60', '60 2 * * *', 'first field'],
    ['the hour 24', '0 24 * * *', 'second field'],
    ['the day 0', '0 2 0 * *', 'third field'],
    ['a month that is none', '0 2 * foo *', 'fourth field'],
    ['weekdays backwards', '0 2 * * 5-1', 'fifth field'],
    ['a step without a range', '5/10 2 * * *', 'first field'],
  ])('cron with %s is refused with the field', (_what, cron, reason) =>
    expect(parseCron(cron)).toMatchObject({ accepted: false, message: expect.stringContaining(reason) }),
  )
})
