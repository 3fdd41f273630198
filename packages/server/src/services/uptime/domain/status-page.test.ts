import { describe, expect, it } from 'vitest'
import {
  bannerIndicator,
  type ComponentState,
  componentState,
  dayBar,
  type Impact,
  type Indicator,
} from './status-page.ts'
import type { Interval } from './timeline.ts'

const minute = 60_000
const day = { date: '2026-03-01', fromMs: 0, toMs: 86_400_000 }

describe('the banner', () => {
  it.each<[ComponentState[], Impact[], Indicator]>([
    [['up', 'up'], [], 'none'],
    [['down', 'down'], [], 'critical'],
    [['down', 'paused'], [], 'critical'],
    [['down', 'up'], [], 'major'],
    [['down', 'unknown'], [], 'major'],
    [['down', 'maintenance'], [], 'major'],
    [['up'], ['critical'], 'critical'],
    [['up'], ['major'], 'major'],
    [['degraded'], ['minor'], 'minor'],
    [['degraded', 'maintenance'], ['none'], 'degraded'],
    [['maintenance', 'up'], [], 'maintenance'],
    [['up', 'unknown'], [], 'none'],
    [['unknown', 'paused'], [], 'unknown'],
    [['paused'], [], 'unknown'],
    [[], ['none'], 'nothing'],
    [[], ['minor'], 'minor'],
    [[], [], 'nothing'],
  ])('of components %j with open impacts %j says %s', (components, impacts, indicator) =>
    expect(bannerIndicator(components, impacts)).toBe(indicator),
  )
})

describe('a component', () => {
  it('in maintenance says so, down or not, and paused stays paused', () => {
    expect(componentState('down', true)).toBe('maintenance')
    expect(componentState('down', false)).toBe('down')
    expect(componentState('unknown', false)).toBe('unknown')
    expect(componentState('paused', true)).toBe('paused')
  })
})

describe("a day's bar", () => {
  function downFor(ms: number): readonly Interval[] {
    return [
      { fromMs: 0, toMs: ms, state: 'down', blipMs: 0, incidentId: 'i1' },
      { fromMs: ms, toMs: null, state: 'up', blipMs: 0, incidentId: null },
    ]
  }
  it.each([
    [1, 'brief'],
    [20 * minute - 1, 'brief'],
    [20 * minute, 'long'],
    [60 * minute - 1, 'long'],
    [60 * minute, 'severe'],
  ])('with %i ms down is %s', (downMs, level) =>
    expect(dayBar(downFor(downMs), day, day.toMs)).toEqual({ level, downMs }),
  )

  it.each([
    ['up', 'clean'],
    ['degraded', 'clean'],
    ['maintenance', 'maintenance'],
    ['unknown', 'empty'],
    ['paused', 'empty'],
  ] as const)('that was all %s is %s', (state, level) => {
    const intervals = [{ fromMs: 0, toMs: null, state, blipMs: 0, incidentId: null }]
    expect(dayBar(intervals, day, day.toMs).level).toBe(level)
  })

  it('counts today only up to now', () => {
    const down = [{ fromMs: 0, toMs: null, state: 'down' as const, blipMs: 0, incidentId: 'i1' }]
    expect(dayBar(down, day, 5 * minute)).toEqual({ level: 'brief', downMs: 5 * minute })
    expect(dayBar([], day, 5 * minute)).toEqual({ level: 'empty', downMs: 0 })
  })
})
