import { expect, it } from 'vitest'
import { type ActiveHours, nextActive } from './active-hours.ts'

const office: ActiveHours = { days: [1, 2, 3, 4, 5], from: '09:00', until: '17:30', timeZone: 'Asia/Tokyo' }
const night: ActiveHours = { days: [5], from: '22:00', until: '06:00', timeZone: 'America/St_Johns' }
const always: ActiveHours = { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '00:00', timeZone: 'UTC' }
const at = (time: string): number => Date.parse(time)

it.each<[promise: string, hours: ActiveHours, time: string, next: string]>([
  ['the first minute is within', office, '2026-06-01T09:00:00+09:00', '2026-06-01T09:00:00+09:00'],
  ['a moment earlier waits for it', office, '2026-06-01T08:59:59.999+09:00', '2026-06-01T09:00:00+09:00'],
  ['the last moment is within', office, '2026-06-01T17:29:59.999+09:00', '2026-06-01T17:29:59.999+09:00'],
  ['the end is not', office, '2026-06-01T17:30:00+09:00', '2026-06-02T09:00:00+09:00'],
  ['a weekend waits for Monday', office, '2026-06-06T12:00:00+09:00', '2026-06-08T09:00:00+09:00'],
  ['a night goes on after midnight', night, '2026-06-06T05:59:00-02:30', '2026-06-06T05:59:00-02:30'],
  ['and ends in the morning', night, '2026-06-06T06:00:00-02:30', '2026-06-12T22:00:00-02:30'],
  ['a week less a moment is waited', night, '2026-06-05T21:59:00-02:30', '2026-06-05T22:00:00-02:30'],
  ['the same hour twice is a whole day', always, '2026-06-06T00:00:00Z', '2026-06-06T00:00:00Z'],
  [
    'an hour that clocks skip begins after the gap',
    { days: [7], from: '02:30', until: '05:00', timeZone: 'Europe/Berlin' },
    '2026-03-29T00:00:00Z',
    '2026-03-29T01:30:00Z',
  ],
])('%s', (_promise, hours, time, next) => expect(nextActive(hours, at(time))).toBe(at(next)))
