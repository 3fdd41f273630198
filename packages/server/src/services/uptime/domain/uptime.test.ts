import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TimelineState } from './monitor.ts'
import type { Interval } from './timeline.ts'
import { addTotals, formatUptime, strictUptimeRatio, sumStates, type Totals, uptimeRatio } from './uptime.ts'

const none: Totals = {
  upMs: 0,
  degradedMs: 0,
  downMs: 0,
  maintenanceMs: 0,
  pausedMs: 0,
  unknownMs: 0,
  blipMs: 0,
}
const day = 86_400_000

const states: readonly TimelineState[] = ['up', 'degraded', 'down', 'maintenance', 'paused', 'unknown']

const timeline = fc
  .array(
    fc.record({
      ms: fc.integer({ min: 1, max: 1_000_000 }),
      state: fc.constantFrom(...states),
      isBlip: fc.boolean(),
    }),
    {
      minLength: 1,
      maxLength: 50,
    },
  )
  .map((stretches): readonly Interval[] => {
    let fromMs = 0
    return stretches.map(({ ms, state, isBlip }) => {
      const interval = {
        fromMs,
        toMs: fromMs + ms,
        state,
        blipMs: isBlip && state === 'up' ? ms : 0,
        incidentId: null,
      }
      fromMs += ms
      return interval
    })
  })

describe('uptime', () => {
  it('is additive over adjacent windows, to the millisecond', () => {
    fc.assert(
      fc.property(
        timeline,
        fc.array(fc.nat(50_000_000), { minLength: 3, maxLength: 3 }),
        (intervals, cuts) => {
          const [a = 0, b = 0, c = 0] = cuts.toSorted((x, y) => x - y)
          expect(addTotals(sumStates(intervals, a, b), sumStates(intervals, b, c))).toEqual(
            sumStates(intervals, a, c),
          )
        },
      ),
    )
  })

  it('leaves out maintenance, pauses and unknown time', () => {
    fc.assert(
      fc.property(timeline, (intervals) => {
        const totals = sumStates(intervals, 0, 50_000_000)
        const alone = { ...totals, maintenanceMs: 0, pausedMs: 0, unknownMs: 0 }
        expect(uptimeRatio(totals)).toBe(uptimeRatio(alone))
        expect(formatUptime(totals)).toBe(formatUptime(alone))
      }),
    )
  })

  it('is null with nothing observed', () => {
    const totals = { ...none, maintenanceMs: day, pausedMs: day, unknownMs: day }
    expect(uptimeRatio(totals)).toBeNull()
    expect(strictUptimeRatio(totals)).toBeNull()
    expect(formatUptime(totals)).toBeNull()
  })

  it('never shows 100 % after one down millisecond', () => {
    expect(formatUptime({ ...none, upMs: 3_650 * day })).toBe('100')
    expect(formatUptime({ ...none, upMs: 3_650 * day, downMs: 1 })).toBe('99.99')
  })

  it.each([
    [99_990, 10, '99.99'],
    [99_989, 11, '99.98'],
    [0, 1, '0.00'],
    [1, 9_999, '0.01'],
    [1, 10_000, '0.00'],
    [57, 43, '57.00'],
  ])('%i ms up and %i ms down read %s', (upMs, downMs, text) =>
    expect(formatUptime({ ...none, upMs, downMs })).toBe(text),
  )

  it('is rounded down, never up', () => {
    const ms = fc.integer({ min: 0, max: 3_650 * day })
    fc.assert(
      fc.property(ms, fc.integer({ min: 1, max: 3_650 * day }), (upMs, downMs) => {
        const hundredths = BigInt(Math.round(Number(formatUptime({ ...none, upMs, downMs })) * 100))
        const observed = BigInt(upMs) + BigInt(downMs)
        expect(hundredths).toBe((BigInt(upMs) * 10_000n) / observed)
      }),
    )
  })

  it('counts degraded as up, and strictly, blips as down', () => {
    const totals = { ...none, upMs: 60, degradedMs: 30, downMs: 10, blipMs: 20 }
    expect(uptimeRatio(totals)).toBe(0.9)
    expect(strictUptimeRatio(totals)).toBe(0.7)
  })

  it('counts an open interval up to the end that is asked for, and time before the first not at all', () => {
    const intervals = [{ fromMs: 100, toMs: null, state: 'up' as const, blipMs: 0, incidentId: null }]
    expect(sumStates(intervals, 0, 250)).toEqual({ ...none, upMs: 150 })
  })
})
