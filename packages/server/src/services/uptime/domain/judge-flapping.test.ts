import { describe, expect, it } from 'vitest'
import {
  check,
  checks,
  figures,
  type History,
  listEvents,
  record,
  recordAll,
  startHistory,
} from './fixtures/history.ts'
import { wakeAtMs } from './judge.ts'
import type { MonitorEvent } from './judge.ts'
import type { Settings } from './rules.ts'

const second = 1_000
const base = 10_000 * second

/** Every verdict of another kind is a confirmed change at once, at its own moment. */
function steadyMonitor(changed: Partial<Settings> = {}): History {
  return record(startHistory({ downThreshold: 1, ...changed }, base), check('up', base))
}

function at(seconds: number, outcome: 'up' | 'down' | 'degraded'): MonitorEvent {
  return check(outcome, base + seconds * second)
}

function tick(seconds: number): MonitorEvent {
  return { kind: 'tick', atMs: base + seconds * second }
}

/** Three changes within 40 s: flapping since 140 s, down. */
const flapping = recordAll(steadyMonitor(), [at(100, 'down'), at(120, 'up'), at(140, 'down')])

describe('the flapping guard', () => {
  it('the third status change within 600 s suppresses notices and the same three in 601 s do not', () => {
    const within = recordAll(steadyMonitor(), [at(100, 'down'), at(300, 'up'), at(700, 'down')])
    expect(listEvents(within)).toEqual([
      'incident.created',
      'incident.resolved',
      '(incident.created)',
      'monitor.flapping',
    ])
    expect(within.notices.at(-1)).toMatchObject({ state: 'down', changes: 3 })

    const without = recordAll(steadyMonitor(), [at(100, 'down'), at(300, 'up'), at(701, 'down')])
    expect(listEvents(without)).toEqual(['incident.created', 'incident.resolved', 'incident.created'])
  })

  it('a flapping monitor sends one start notice and one summary per window, and the summary tells the final state', () => {
    const history = recordAll(flapping, [
      at(200, 'up'),
      at(300, 'down'),
      at(400, 'up'),
      ...checks('up', 10, base + 460_000, 60_000),
    ])
    expect(listEvents(history).slice(2)).toEqual([
      '(incident.created)',
      'monitor.flapping',
      '(incident.resolved)',
      '(incident.created)',
      '(incident.resolved)',
      'monitor.settled',
      'monitor.settled',
    ])
    const [first, last] = history.notices.filter(({ event }) => event === 'monitor.settled')
    expect(first).toMatchObject({
      atMs: base + 740_000,
      state: 'up',
      summary: { changes: 4, windowSeconds: 600, opened: 2, closed: 2, downSeconds: 160 },
    })
    // Three changes still lie within 600 s of 740 s, so a second window follows; it ends 600 s after the last of them.
    expect(last).toMatchObject({
      atMs: base + 1_000_000,
      state: 'up',
      summary: { changes: 0, windowSeconds: 260 },
    })
    expect(history.state.flapping).toEqual({ changesAtMs: [], window: null })
  })

  it('ends its window by itself, at the moment it asked to be woken', () => {
    expect(wakeAtMs(flapping.state, flapping.rules, figures)).toBe(base + (140 + 130) * second)
    const quiet = recordAll(flapping, [tick(270), tick(739)])
    expect(listEvents(quiet)).not.toContain('monitor.settled')
    expect(listEvents(record(quiet, tick(740))).at(-1)).toBe('monitor.settled')
  })

  it('is calm after a summary with fewer than three changes in the last 600 s, and tells the next change', () => {
    const calm = recordAll(flapping, [at(200, 'up'), ...checks('up', 10, base + 260_000, 60_000)])
    expect(calm.state.flapping).toEqual({ changesAtMs: [], window: null })
    expect(listEvents(record(calm, at(860, 'down'))).at(-1)).toBe('incident.created')
  })

  it('doubles its windows up to an hour while changes go on', () => {
    let history = flapping
    for (let seconds = 200; seconds < 20_000; seconds += 60)
      history = record(history, at(seconds, (seconds / 60) % 2 < 1 ? 'up' : 'down'))
    const lengths = history.notices.flatMap((notice) =>
      notice.event === 'monitor.settled' ? [notice.summary.windowSeconds] : [],
    )
    expect(lengths).toEqual([600, 1_200, 2_400, 3_600, 3_600, 3_600, 3_600])
    expect(listEvents(history).filter((event) => event === 'monitor.flapping')).toHaveLength(1)
  })

  it('tells the final state within 600 s of the last change, however long the window', () => {
    let history = flapping
    for (let seconds = 200; seconds <= 3_200; seconds += 60)
      history = record(history, at(seconds, (seconds / 60) % 2 < 1 ? 'up' : 'down'))
    const lastChangeMs = history.state.flapping.changesAtMs.at(-1) ?? 0
    const rested = record(history, { kind: 'tick', atMs: lastChangeMs + 600_000 })
    expect(rested.notices.at(-1)).toMatchObject({
      event: 'monitor.settled',
      state: 'down',
      atMs: lastChangeMs + 600_000,
    })
    expect(rested.state.flapping.window).toBeNull()
  })

  it('a blip is no change', () => {
    const blips = [1, 2, 3, 4].flatMap((n) => [at(n * 60, 'down'), at(n * 60 + 10, 'up')])
    const history = recordAll(steadyMonitor({ downThreshold: 2 }), blips)
    expect(history.notices).toEqual([])
  })

  it('up and degraded count only if they are told', () => {
    const turns = [at(60, 'degraded'), at(120, 'up'), at(180, 'degraded'), at(240, 'up')]
    expect(listEvents(recordAll(steadyMonitor(), turns))).toEqual([])
    expect(listEvents(recordAll(steadyMonitor({ notifyDegraded: true }), turns))).toEqual([
      'monitor.degraded',
      'monitor.improved',
      '(monitor.degraded)',
      'monitor.flapping',
      '(monitor.improved)',
    ])
  })

  it.each([
    ['a pause', 'paused'],
    ['deletion', 'deleted'],
    ['another target', 'target_changed'],
    ['a person who resolves', 'resolved_by_person'],
  ] as const)(
    '%s ends the window at once, summary included, and then tells that the incident is over',
    (_what, kind) => {
      const history = record(flapping, { kind, atMs: base + 200 * second })
      expect(history.notices.slice(-2)).toMatchObject([
        { event: 'monitor.settled', state: 'down', atMs: base + 200 * second },
        { event: 'incident.resolved', suppressed: false },
      ])
      expect(history.state.flapping.window).toBeNull()
    },
  )

  it('the start of maintenance ends the window, and the recovery inside is told', () => {
    const covered = record(flapping, {
      kind: 'maintenance',
      atMs: base + 200 * second,
      window: { untilMs: null },
    })
    expect(covered.notices.at(-1)).toMatchObject({ event: 'monitor.settled', state: 'down' })
    expect(listEvents(record(covered, at(260, 'up'))).at(-1)).toBe('incident.resolved')
  })

  it('a window that ended before a verdict came in ends before it', () => {
    const late = record(flapping, at(741, 'up'))
    expect(listEvents(late).slice(-2)).toEqual(['monitor.settled', 'incident.resolved'])
    const inTime = record(flapping, at(739, 'up'))
    expect(listEvents(inTime).at(-1)).toBe('(incident.resolved)')
  })
})
