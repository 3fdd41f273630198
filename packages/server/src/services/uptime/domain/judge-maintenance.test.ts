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
import { type MonitorEvent, wakeAtMs } from './judge.ts'

const up = upMonitor()
const down = downMonitor()

function cover(atMs: number, untilMs: number | null): MonitorEvent {
  return { kind: 'maintenance', atMs, window: { untilMs } }
}

describe('maintenance', () => {
  it('opens no incident, is all the timeline says, and asks for no re-check', () => {
    const history = recordAll(up, [cover(110_000, 20 * minute), ...checks('down', 15, 2 * minute, minute)])
    expect(history.incidents).toEqual([])
    expect(history.state).toMatchObject({ downStreak: 0, phase: 'steady' })
    expect(history.next).toEqual({ kind: 'grid' })
    expect(outline(history.intervals)).toEqual(['0 unknown', '60000 up', '110000 maintenance'])
  })

  it('still tells recovery to those who were told down', () => {
    const covered = recordAll(down, [
      cover(200_000, 20 * minute),
      check('down', 220_000),
      check('up', 280_000),
    ])
    expect(listEvents(covered)).toEqual(['incident.created', 'incident.resolved'])
    expect(covered.incidents).toMatchObject([{ resolvedAtMs: 280_000, cause: 'recovered' }])
    expect(covered.state.flapping.changesAtMs).toHaveLength(1)
  })

  it('failures before it are a blip, and those after it count from one, back-dated to its end at most', () => {
    const covered = recordAll(up, [...checks('down', 4, 2 * minute, 10_000), cover(151_000, 200_000)])
    const after = recordAll(covered, [
      check('down', 160_000),
      check('down', 199_000, 3_000),
      ...checks('down', 3, 210_000, 10_000),
    ])
    expect(after.incidents).toEqual([])
    const fifth = record(after, check('down', 240_000))
    expect(fifth.incidents).toMatchObject([{ startedAtMs: 200_000 }])
    expect(outline(fifth.intervals)).toEqual([
      '0 unknown',
      '60000 up',
      '120000 up (blip)',
      '151000 maintenance',
      '200000 down',
    ])
  })

  it('ends by itself, and what the last check said still stands', () => {
    const covered = recordAll(up, [cover(110_000, 200_000), check('up', 120_000), check('up', 180_000)])
    expect(wakeAtMs(covered.state, covered.rules, figures)).toBe(200_000)
    const over = record(covered, { kind: 'tick', atMs: 200_000 })
    expect(over.state.maintenance).toBeNull()
    expect(outline(over.intervals)).toEqual(['0 unknown', '60000 up', '110000 maintenance', '200000 up'])
  })

  it('after a failed last check nobody knows, until the next one', () => {
    const covered = recordAll(up, [cover(110_000, 200_000), check('down', 180_000), check('up', 240_000)])
    expect(outline(covered.intervals).slice(2)).toEqual(['110000 maintenance', '200000 unknown', '240000 up'])
  })

  it('until further notice it lasts until it is ended by hand', () => {
    const covered = recordAll(up, [cover(110_000, null), ...checks('down', 100, 2 * minute, minute)])
    expect(covered.incidents).toEqual([])
    const ended = record(covered, { kind: 'maintenance', atMs: 200 * minute, window: null })
    expect(ended.state.maintenance).toBeNull()
    expect(outline(ended.intervals).at(-1)).toBe(`${200 * minute} unknown`)
  })

  it('another window moves the end', () => {
    const covered = recordAll(up, [
      cover(110_000, 200_000),
      cover(150_000, 400_000),
      { kind: 'tick', atMs: 300_000 },
    ])
    expect(covered.state.maintenance).toEqual({ fromMs: 110_000, untilMs: 400_000 })
  })

  it('a disagreement held back by it is told at its end', () => {
    const noisy = upMonitor({ notifyDegraded: true })
    const degraded = recordAll(noisy, checks('degraded', 5, 2 * minute, minute))
    const covered = recordAll(degraded, [
      cover(7 * minute, 60 * minute),
      { kind: 'tick', atMs: 30 * minute },
      check('up', 59 * minute),
    ])
    expect(listEvents(covered)).toEqual(['monitor.degraded'])
    const over = record(covered, { kind: 'tick', atMs: 60 * minute })
    expect(listEvents(over)).toEqual(['monitor.degraded', 'monitor.improved'])
  })
})
