import { describe, expect, it } from 'vitest'
import { listOccurrences } from './occurrences.ts'
import { parseRrule } from './recurrence-rule.ts'

/** Each entry is a month and its days. */
type Months = readonly string[]

const timeZone = 'America/New_York'
const days = new Intl.DateTimeFormat('en-CA', {
  timeZone,
  dateStyle: 'short',
  timeStyle: 'short',
  hourCycle: 'h23',
})

/** The examples of RFC 5545 §3.8.5.3 that use no other parts than maintenance does; each is at 9:00 in New York. */
const examples: readonly [what: string, start: string, rule: string, expected: Months, goesOn?: 'goes on'][] =
  [
    ['daily for 10 occurrences', '1997-09-02', 'FREQ=DAILY;COUNT=10', ['1997-09 2 3 4 5 6 7 8 9 10 11']],
    [
      'every other day',
      '1997-09-02',
      'FREQ=DAILY;INTERVAL=2',
      ['1997-09 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30', '1997-10 2 4 6'],
      'goes on',
    ],
    [
      'every 10 days, 5 occurrences',
      '1997-09-02',
      'FREQ=DAILY;INTERVAL=10;COUNT=5',
      ['1997-09 2 12 22', '1997-10 2 12'],
    ],
    [
      'weekly for 10 occurrences',
      '1997-09-02',
      'FREQ=WEEKLY;COUNT=10',
      ['1997-09 2 9 16 23 30', '1997-10 7 14 21 28', '1997-11 4'],
    ],
    [
      'weekly until December 24',
      '1997-09-02',
      'FREQ=WEEKLY;UNTIL=19971224T000000Z',
      ['1997-09 2 9 16 23 30', '1997-10 7 14 21 28', '1997-11 4 11 18 25', '1997-12 2 9 16 23'],
    ],
    [
      'every other week',
      '1997-09-02',
      'FREQ=WEEKLY;INTERVAL=2',
      ['1997-09 2 16 30', '1997-10 14 28', '1997-11 11 25', '1997-12 9 23', '1998-01 6 20', '1998-02 3 17'],
      'goes on',
    ],
    [
      'Tuesday and Thursday for five weeks',
      '1997-09-02',
      'FREQ=WEEKLY;COUNT=10;BYDAY=TU,TH',
      ['1997-09 2 4 9 11 16 18 23 25 30', '1997-10 2'],
    ],
    [
      'every other week on Monday, Wednesday and Friday until December 24',
      '1997-09-01',
      'FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;BYDAY=MO,WE,FR',
      [
        '1997-09 1 3 5 15 17 19 29',
        '1997-10 1 3 13 15 17 27 29 31',
        '1997-11 10 12 14 24 26 28',
        '1997-12 8 10 12 22',
      ],
    ],
    [
      'the first Friday for 10 occurrences',
      '1997-09-05',
      'FREQ=MONTHLY;COUNT=10;BYDAY=1FR',
      [
        '1997-09 5',
        '1997-10 3',
        '1997-11 7',
        '1997-12 5',
        '1998-01 2',
        '1998-02 6',
        '1998-03 6',
        '1998-04 3',
        '1998-05 1',
        '1998-06 5',
      ],
    ],
    [
      'the first Friday until December 24',
      '1997-09-05',
      'FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR',
      ['1997-09 5', '1997-10 3', '1997-11 7', '1997-12 5'],
    ],
    [
      'every other month on the first and last Sunday',
      '1997-09-07',
      'FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU',
      ['1997-09 7 28', '1997-11 2 30', '1998-01 4 25', '1998-03 1 29', '1998-05 3 31'],
    ],
    [
      'the second-to-last Monday for 6 months',
      '1997-09-22',
      'FREQ=MONTHLY;COUNT=6;BYDAY=-2MO',
      ['1997-09 22', '1997-10 20', '1997-11 17', '1997-12 22', '1998-01 19', '1998-02 16'],
    ],
    [
      'the third-to-last day of the month',
      '1997-09-28',
      'FREQ=MONTHLY;BYMONTHDAY=-3',
      ['1997-09 28', '1997-10 29', '1997-11 28', '1997-12 29', '1998-01 29', '1998-02 26'],
      'goes on',
    ],
    [
      'the 2nd and 15th for 10 occurrences',
      '1997-09-02',
      'FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15',
      ['1997-09 2 15', '1997-10 2 15', '1997-11 2 15', '1997-12 2 15', '1998-01 2 15'],
    ],
    [
      'the first and last day for 10 occurrences',
      '1997-09-30',
      'FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1',
      ['1997-09 30', '1997-10 1 31', '1997-11 1 30', '1997-12 1 31', '1998-01 1 31', '1998-02 1'],
    ],
    [
      'every 18 months on the 10th to 15th',
      '1997-09-10',
      'FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15',
      ['1997-09 10 11 12 13 14 15', '1999-03 10 11 12 13'],
    ],
    [
      'every Tuesday, every other month',
      '1997-09-02',
      'FREQ=MONTHLY;INTERVAL=2;BYDAY=TU',
      ['1997-09 2 9 16 23 30', '1997-11 4 11 18 25', '1998-01 6 13 20 27', '1998-03 3 10 17 24 31'],
      'goes on',
    ],
    [
      'every Friday the 13th',
      '1997-09-02',
      'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13',
      ['1998-02 13', '1998-03 13', '1998-11 13', '1999-08 13', '2000-10 13'],
      'goes on',
    ],
    [
      'the first Saturday after the first Sunday',
      '1997-09-13',
      'FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13',
      [
        '1997-09 13',
        '1997-10 11',
        '1997-11 8',
        '1997-12 13',
        '1998-01 10',
        '1998-02 7',
        '1998-03 7',
        '1998-04 11',
        '1998-05 9',
        '1998-06 13',
      ],
      'goes on',
    ],
    [
      'every other week on Tuesday and Sunday, in weeks that start on Monday',
      '1997-08-05',
      'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU',
      ['1997-08 5 10 19 24'],
    ],
    [
      'a day that a month does not have is left out',
      '2007-01-15',
      'FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5',
      ['2007-01 15 30', '2007-02 15', '2007-03 15 30'],
    ],
  ]

describe('recurring-maintenance-keeps-its-hour', () => {
  it.each(examples)('as published: %s', (_what, start, rule, expected, goesOn) => {
    const wanted = expected.flatMap((month) => {
      const [name, ...dates] = month.split(' ')
      return dates.map((date) => `${name}-${date.padStart(2, '0')}, 09:00`)
    })
    const parsed = parseRrule(rule)
    if (!parsed.accepted) throw new Error(parsed.message)
    // New York is four hours behind UTC on every one of these days that is a start, but for that in January.
    const startsAtMs = Date.parse(`${start}T${start.includes('-01-') ? 14 : 13}:00:00Z`)
    const found = listOccurrences(
      { rule: parsed.rule, timeZone, startsAtMs },
      startsAtMs,
      startsAtMs + 1_400 * 86_400_000,
    )
    const listed = goesOn === undefined ? [...found] : [...found.take(wanted.length)]
    expect(listed.map((ms) => days.format(ms))).toEqual(wanted)
  })
})
