import { describe, expect, it } from 'vitest'
import {
  check,
  checks,
  downMonitor,
  figures,
  listEvents,
  minute,
  outline,
  record,
  recordAll,
  upMonitor,
} from './fixtures/history.ts'
import { wakeAtMs } from './judge.ts'

describe('silence', () => {
  it('is unknown time from twice the spacing and a time-out on, and the status is stale after 10 minutes', () => {
    const up = upMonitor()
    expect(wakeAtMs(up.state, up.rules, figures)).toBe(60_000 + 130_000)
    const lapsed = record(up, { kind: 'tick', atMs: 190_000 })
    expect(outline(lapsed.intervals)).toEqual(['0 unknown', '60000 up', '190000 unknown'])
    expect(lapsed.state.status).toBe('up')

    expect(record(lapsed, { kind: 'tick', atMs: 659_999 }).state.status).toBe('up')
    expect(record(lapsed, { kind: 'tick', atMs: 660_000 }).state).toMatchObject({
      status: 'unknown',
      phase: 'steady',
    })
  })

  it('a check that starts at the very end of what is vouched for leaves no gap, one millisecond later leaves one', () => {
    expect(outline(record(upMonitor(), check('up', 190_000)).intervals)).toEqual(['0 unknown', '60000 up'])
    expect(outline(record(upMonitor(), check('up', 190_001)).intervals)).toEqual([
      '0 unknown',
      '60000 up',
      '190000 unknown',
      '190001 up',
    ])
  })

  it('an hour of our own downtime gives unknown time, no false down and no incident', () => {
    const history = recordAll(upMonitor(), [
      check('down', 120_000),
      check('down', 120_000 + 3_600_000),
      check('up', 3_730_000),
    ])
    expect(history.incidents).toEqual([])
    expect(outline(history.intervals)).toEqual([
      '0 unknown',
      '60000 up',
      '120000 up (blip)',
      '150000 unknown',
      '3720000 up (blip)',
      '3730000 up',
    ])
  })

  it('leaves an open incident as it is, and the next failure puts the monitor straight back to down', () => {
    const stale = record(downMonitor(), { kind: 'tick', atMs: 2_000_000 })
    expect(stale.state).toMatchObject({ status: 'unknown', incidentOpen: true })
    const back = record(stale, check('down', 2_000_000))
    expect(back.state.status).toBe('down')
    expect(back.incidents).toMatchObject([{ id: 'i1', resolvedAtMs: null }])
    expect(listEvents(back)).toEqual(['incident.created'])

    const over = record(stale, check('up', 2_000_000))
    expect(over.incidents).toMatchObject([{ resolvedAtMs: 2_000_000 }])
    expect(listEvents(over)).toEqual(['incident.created', 'incident.resolved'])
  })

  it('makes a later failure count from one', () => {
    const stale = recordAll(upMonitor(), [
      ...checks('down', 4, 120_000, 10_000),
      { kind: 'tick', atMs: 900_000 },
    ])
    expect(stale.state).toMatchObject({ status: 'unknown', downStreak: 0 })
    const again = recordAll(stale, checks('down', 5, 1_000_000, 10_000))
    expect(again.incidents).toMatchObject([{ startedAtMs: 1_000_000 }])
  })

  it('a clock that steps back an hour rewrites nothing', () => {
    const later = recordAll(upMonitor(), checks('up', 100, 2 * minute, minute))
    const stepped = recordAll(later, checks('down', 5, 50 * minute, 10_000))
    expect(stepped.incidents).toMatchObject([{ startedAtMs: 101 * minute, confirmedAtMs: 101 * minute }])
    expect(outline(stepped.intervals)).toEqual(['0 unknown', '60000 up', `${101 * minute} down`])
  })
})
