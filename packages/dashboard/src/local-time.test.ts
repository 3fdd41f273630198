import { afterEach, describe, expect, it } from 'vitest'
import { toInstant, toLocal, toMidnight } from './local-time.ts'
import { showInZone } from './zone.ts'

afterEach(() => showInZone(null))

it('what a field shows of a moment means that moment, to the minute', () => {
  expect(toInstant(toLocal('2026-03-29T10:17:00.000Z'))).toBe('2026-03-29T10:17:00.000Z')
  expect(toInstant('no time')).toBe('no time')
})

describe('times-are-entered-in-the-chosen-zone', () => {
  it.each<[promise: string, zone: string, local: string, at: string]>([
    ['a zone without summer time', 'Asia/Tokyo', '2026-11-30T02:42', '2026-11-29T17:42:00.000Z'],
    ['a zone half an hour off', 'America/St_Johns', '2026-11-29T14:12', '2026-11-29T17:42:00.000Z'],
    ['the same place in summer', 'America/St_Johns', '2026-07-01T09:30', '2026-07-01T12:00:00.000Z'],
    ['the last minute of winter', 'America/St_Johns', '2026-03-08T01:59', '2026-03-08T05:29:00.000Z'],
    ['the first of summer', 'America/St_Johns', '2026-03-08T03:00', '2026-03-08T05:30:00.000Z'],
    [
      'an hour that comes twice, the first time',
      'America/St_Johns',
      '2026-11-01T01:15',
      '2026-11-01T03:45:00.000Z',
    ],
    ['midnight', 'Asia/Tokyo', '2026-11-30T00:00', '2026-11-29T15:00:00.000Z'],
  ])('%s', (_promise, zone, local, at) => {
    showInZone(zone)
    expect(toInstant(local)).toBe(at)
    expect(toLocal(at)).toBe(local)
  })

  it('a time that clocks skip is read as if they had not been changed yet', () => {
    showInZone('America/St_Johns')
    expect(toLocal(toInstant('2026-03-08T02:30'))).toBe('2026-03-08T03:30')
  })

  it('a day begins at its own midnight', () => {
    showInZone('Asia/Tokyo')
    expect(toMidnight(Date.UTC(2026, 10, 29, 14, 59))).toBe(Date.UTC(2026, 10, 28, 15))
    expect(toMidnight(Date.UTC(2026, 10, 29, 15))).toBe(Date.UTC(2026, 10, 29, 15))
  })
})
