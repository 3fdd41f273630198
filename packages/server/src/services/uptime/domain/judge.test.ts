import { describe, expect, it } from 'vitest'
import {
  check,
  checks,
  downMonitor,
  figures,
  type History,
  listEvents,
  minute,
  outline,
  record,
  recordAll,
  startHistory,
  upMonitor,
} from './fixtures/history.ts'
import { isManualCheckNews, wakeAtMs } from './judge.ts'

describe('an incident', () => {
  it('four downs in a row open nothing and the fifth opens exactly one incident', () => {
    const four = recordAll(upMonitor(), checks('down', 4, 2 * minute, 10_000))
    expect(four.incidents).toEqual([])
    expect(four.state).toMatchObject({ status: 'up', phase: 'confirming', downStreak: 4 })

    const five = record(four, check('down', 160_000, 25))
    expect(five.incidents).toEqual([
      { id: 'i1', startedAtMs: 120_000, confirmedAtMs: 160_025, resolvedAtMs: null, cause: null },
    ])
    expect(five.state).toMatchObject({ status: 'down', phase: 'steady' })
    expect(listEvents(five)).toEqual(['incident.created'])

    const more = recordAll(five, checks('down', 20, 220_000, minute))
    expect(more.incidents).toHaveLength(1)
    expect(listEvents(more)).toEqual(['incident.created'])
  })

  it.each([1, 2, 5, 10])('rests on exactly downThreshold = %i results in a row', (downThreshold) => {
    const before = recordAll(
      upMonitor({ downThreshold }),
      checks('down', downThreshold - 1, 2 * minute, 10_000),
    )
    expect(before.incidents).toEqual([])
    const after = record(before, check('down', 2 * minute + (downThreshold - 1) * 10_000))
    expect(after.incidents).toMatchObject([{ startedAtMs: 2 * minute }])
  })

  it('one good check between failures starts the count again and leaves a blip, not an incident', () => {
    const history = recordAll(upMonitor(), [
      ...checks('down', 4, 120_000, 10_000),
      check('up', 160_000),
      ...checks('down', 4, 220_000, 10_000),
      check('up', 260_000),
    ])
    expect(history.incidents).toEqual([])
    expect(history.notices).toEqual([])
    expect(outline(history.intervals)).toEqual([
      '0 unknown',
      '60000 up',
      '120000 up (blip)',
      '160000 up',
      '220000 up (blip)',
      '260000 up',
    ])
  })

  it('an unknown verdict neither counts nor resets, and is tried again after the spacing', () => {
    const unknown = recordAll(upMonitor(), [...checks('down', 4, 120_000, 10_000), check('unknown', 160_000)])
    expect(unknown.state).toMatchObject({ status: 'up', phase: 'confirming', downStreak: 4 })
    expect(unknown.next).toEqual({ kind: 'confirm', notBeforeMs: 170_000 })

    const fifth = record(unknown, check('down', 170_000))
    expect(fifth.incidents).toMatchObject([{ startedAtMs: 120_000, confirmedAtMs: 170_000 }])
    // What we failed to see is not called the target's failure.
    expect(outline(fifth.intervals)).toEqual([
      '0 unknown',
      '60000 up',
      '120000 down',
      '160000 unknown',
      '170000 down',
    ])
  })

  it('every down interval names its incident', () => {
    const history = downMonitor()
    expect(history.intervals.at(-1)).toMatchObject({
      state: 'down',
      fromMs: 120_000,
      toMs: null,
      incidentId: 'i1',
    })
  })

  it('resolves at the start of the first good check of the streak, not of the last', () => {
    const one = record(downMonitor({ upThreshold: 2 }), check('up', 280_000, 40))
    expect(one.incidents).toMatchObject([{ resolvedAtMs: null }])
    expect(one.state).toMatchObject({ status: 'down', phase: 'recovering', upStreak: 1 })

    const relapsed = recordAll(one, [check('down', 290_000), check('up', 350_000)])
    expect(relapsed.state).toMatchObject({ status: 'down', phase: 'recovering', upStreak: 1 })

    const two = record(relapsed, check('up', 360_000))
    expect(two.incidents).toMatchObject([{ resolvedAtMs: 350_000, cause: 'recovered' }])
    expect(two.state).toMatchObject({ status: 'up', phase: 'steady' })
    expect(outline(two.intervals).slice(2)).toEqual(['120000 down', '350000 up'])
    expect(listEvents(two)).toEqual(['incident.created', 'incident.resolved'])
  })

  it('recovers straight into degraded, and says so', () => {
    const history = record(downMonitor(), check('degraded', 300_000))
    expect(history.state.status).toBe('degraded')
    expect(history.notices.at(-1)).toMatchObject({ event: 'incident.resolved', state: 'degraded' })
  })
})

describe('a monitor that has never been up', () => {
  it('opens no incident', () => {
    const history = recordAll(startHistory(), checks('down', 200, minute, minute))
    expect(history.incidents).toEqual([])
    expect(history.notices).toEqual([])
    expect(history.state).toMatchObject({ status: 'unknown', phase: 'grace' })
    expect(outline(history.intervals)).toEqual(['0 unknown'])
  })

  it('is told of once, after 24 h and not before', () => {
    const day = 86_400_000
    const failing = record(startHistory(), check('down', minute))
    const before = record(failing, { kind: 'tick', atMs: day - 1 })
    expect(before.notices).toEqual([])
    expect(wakeAtMs(before.state, before.rules, figures)).toBe(day)
    const after = recordAll(before, [{ kind: 'tick', atMs: day }, ...checks('down', 3, day + minute, minute)])
    expect(listEvents(after)).toEqual(['monitor.never_up'])
  })

  it('is not told of when all that failed was ours', () => {
    const history = recordAll(startHistory(), [
      check('unknown', minute),
      { kind: 'tick', atMs: 2 * 86_400_000 },
    ])
    expect(history.notices).toEqual([])
  })

  it('counts failures from the first good check on', () => {
    const history = recordAll(startHistory(), [
      ...checks('down', 10, minute, minute),
      check('up', 11 * minute),
      ...checks('down', 5, 12 * minute, 10_000),
    ])
    expect(history.state.firstUpAtMs).toBe(11 * minute)
    expect(history.incidents).toMatchObject([{ startedAtMs: 12 * minute }])
  })
})

describe('the next check', () => {
  it('comes at the spacing after a first failure, or a second after a check that took longer', () => {
    expect(record(upMonitor(), check('down', 120_000, 300)).next).toEqual({
      kind: 'confirm',
      notBeforeMs: 130_000,
    })
    expect(record(upMonitor(), check('down', 120_000, 9_000)).next).toEqual({
      kind: 'confirm',
      notBeforeMs: 130_000,
    })
    expect(record(upMonitor(), check('down', 120_000, 9_001)).next).toEqual({
      kind: 'confirm',
      notBeforeMs: 130_001,
    })
  })

  it('is on the grid again once the failures are confirmed or over', () => {
    expect(downMonitor().next).toEqual({ kind: 'grid' })
    expect(recordAll(upMonitor(), [check('down', 120_000), check('up', 130_000)]).next).toEqual({
      kind: 'grid',
    })
  })

  it.each<[promise: string, outcome: 'up' | 'down' | 'unknown', history: History, expected: boolean]>([
    ['a failure seen by hand of a monitor that is up is news', 'down', upMonitor(), true],
    ['a good answer by hand is none', 'up', upMonitor(), false],
    ['a good answer by hand of one that is down is news', 'up', downMonitor(), true],
    ['a failure of our own is none', 'unknown', downMonitor(), false],
    [
      'a failure seen while confirming waits for the re-check',
      'down',
      record(upMonitor(), check('down', 120_000)),
      false,
    ],
  ])('%s', (_promise, outcome, { state }, expected) =>
    expect(isManualCheckNews(state, outcome)).toBe(expected),
  )
})

describe('up and degraded', () => {
  it('change into each other at their thresholds only', () => {
    const four = recordAll(upMonitor(), checks('degraded', 4, 2 * minute, minute))
    expect(four.state.status).toBe('up')
    const five = record(four, check('degraded', 6 * minute))
    expect(five.state.status).toBe('degraded')
    expect(outline(five.intervals)).toEqual(['0 unknown', '60000 up', '120000 degraded'])
    expect(five.notices).toEqual([])
    expect(record(five, check('up', 7 * minute)).state.status).toBe('up')
  })

  it('are told only when the monitor asks for it', () => {
    const degraded = recordAll(upMonitor({ notifyDegraded: true }), checks('degraded', 5, 2 * minute, minute))
    expect(listEvents(degraded)).toEqual(['monitor.degraded'])
    expect(listEvents(record(degraded, check('up', 7 * minute)))).toEqual([
      'monitor.degraded',
      'monitor.improved',
    ])
  })

  it('whoever was told "degraded" is told when a pause hid the change', () => {
    const history = recordAll(upMonitor({ notifyDegraded: true }), [
      ...checks('degraded', 5, 2 * minute, minute),
      { kind: 'paused', atMs: 10 * minute },
      { kind: 'resumed', atMs: 20 * minute },
      check('up', 20 * minute),
    ])
    expect(listEvents(history)).toEqual(['monitor.degraded', 'monitor.improved'])
  })
})
