import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeLateness, nextSlotMs, phaseMs } from './schedule.ts'

describe('slots', () => {
  it('the phase is the first 8 bytes, read as one number, modulo the interval', () => {
    const digest = Uint8Array.from([0, 0, 0, 0, 0, 1, 0, 7, 255, 255])
    expect(phaseMs(digest, 60_000)).toBe((65_536 + 7) % 60_000)
    expect(phaseMs(Uint8Array.from(Array.from({ length: 32 }, () => 255)), 60_000)).toBe(
      Number((2n ** 64n - 1n) % 60_000n),
    )
  })

  it('the next one is the first strictly after now', () => {
    expect(nextSlotMs(60_006, 7, 60_000)).toBe(60_007)
    expect(nextSlotMs(60_007, 7, 60_000)).toBe(120_007)
    expect(nextSlotMs(60_008, 7, 60_000)).toBe(120_007)
  })

  it('lie on the grid, at most one interval away', () => {
    const nowMs = fc.integer({ min: 0, max: 4_102_444_800_000 })
    const seconds = fc.integer({ min: 60, max: 86_400 })
    fc.assert(
      fc.property(nowMs, seconds, fc.nat(), (now, intervalSeconds, seed) => {
        const intervalMs = intervalSeconds * 1000
        const phase = seed % intervalMs
        const slotMs = nextSlotMs(now, phase, intervalMs)
        expect(slotMs).toBeGreaterThan(now)
        expect(slotMs - now).toBeLessThanOrEqual(intervalMs)
        expect((slotMs - phase) % intervalMs).toBe(0)
      }),
    )
  })

  it('a check late by its interval still runs, and one millisecond later its slots were missed', () => {
    expect(judgeLateness(0, 60_000, 45_000, 60_000, 60_000)).toEqual({ kind: 'on_time' })
    expect(judgeLateness(0, 60_001, 45_000, 60_000, 60_000)).toEqual({
      kind: 'catch_up',
      dueAtMs: 105_001,
      missedSlots: 1,
    })
  })

  it('after an hour of our own downtime checks come back spread over a minute, not all at once', () => {
    const dueAtMs = Array.from({ length: 6_000 }, (_, index) => {
      const lateness = judgeLateness(0, 3_600_000, index * 50, 300_000, 60_000)
      return lateness.kind === 'catch_up' ? lateness.dueAtMs - 3_600_000 : -1
    })
    const perSecond = Map.groupBy(dueAtMs, (ms) => Math.floor(ms / 1_000))
    expect(perSecond.size).toBe(60)
    // At the ordinary rate, 6,000 monitors at 300 s are 20 a second.
    expect(Math.max(...[...perSecond.values()].map(({ length }) => length))).toBe(100)
    expect(judgeLateness(0, 3_600_000, 0, 300_000, 60_000)).toMatchObject({ missedSlots: 12 })
  })
})
