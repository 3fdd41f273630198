import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { uptimePolicy } from '../policy.ts'
import { detectionSeconds } from './confirmation.ts'
import { check, figures, type History, record, startHistory } from './fixtures/history.ts'
import { spacingMs } from './judge.ts'
import { nextSlotMs } from './schedule.ts'

type Watched = { readonly history: History; readonly dueAtMs: number; readonly downAtMs: readonly number[] }

/** Runs checks just when the judge and the grid ask for them, of a target that fails from `failsFromMs` on. */
function watch(start: History, phase: number, failsFromMs: number, failureTakesMs: number): Watched {
  const { intervalMs } = start.rules
  let watched: Watched = { history: start, dueAtMs: nextSlotMs(0, phase, intervalMs), downAtMs: [] }
  while (watched.history.incidents.length === 0) {
    const { dueAtMs, downAtMs } = watched
    const isDown = dueAtMs >= failsFromMs
    const endedAtMs = dueAtMs + (isDown ? failureTakesMs : 0)
    const history = record(watched.history, check(isDown ? 'down' : 'up', dueAtMs, endedAtMs - dueAtMs))
    const { next, state, rules } = history
    watched = {
      history,
      dueAtMs: next?.kind === 'confirm' ? next.notBeforeMs : nextSlotMs(endedAtMs, phase, intervalMs),
      downAtMs: isDown ? [...downAtMs, dueAtMs] : downAtMs,
    }
    if (next?.kind === 'confirm')
      expect(spacingMs(state, rules, figures, endedAtMs)).toBe(rules.confirmSpacingMs)
  }
  return watched
}

const intervals = fc.oneof(fc.constantFrom(60, 300, 3_600, 86_400), fc.integer({ min: 60, max: 86_400 }))

describe('detection', () => {
  it.each([
    [60, 100, 114],
    [300, 360, 370],
  ])(
    'a refused target is confirmed within %2$i s at an interval of %1$i s, and a hanging one within %3$i s',
    (intervalSeconds, refusedSeconds, hangingSeconds) => {
      const start = startHistory({ intervalSeconds })
      // The worst moment to fail is just after a check.
      const failsFromMs = 10 * intervalSeconds * 1_000 + 1
      for (const [tookMs, limitSeconds] of [
        [0, refusedSeconds],
        [10_000, hangingSeconds],
      ] as const) {
        const { history } = watch(start, 0, failsFromMs, tookMs)
        const lateMs = (history.incidents[0]?.confirmedAtMs ?? Infinity) - failsFromMs
        expect(lateMs).toBeLessThanOrEqual(limitSeconds * 1_000)
        expect(lateMs).toBeGreaterThan(limitSeconds * 1_000 - 1_000)
      }
    },
  )

  it('an incident rests on downThreshold stored consecutive down results at every interval and threshold, and comes in the time that is promised', () => {
    const monitor = fc.record({
      intervalSeconds: intervals,
      downThreshold: fc.integer({ min: 1, max: 10 }),
      confirmSpacingSeconds: fc.option(fc.integer({ min: 5, max: 300 })),
      timeoutMs: fc.integer({ min: 1_000, max: 30_000 }),
    })
    fc.assert(
      fc.property(
        monitor,
        fc.nat(),
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (settings, seed, moment, share) => {
          const start = startHistory(settings)
          const { intervalMs, confirmSpacingMs } = start.rules
          const phase = seed % intervalMs
          // After at least one good check, or the monitor would still be in its grace.
          const failsFromMs = nextSlotMs(0, phase, intervalMs) + 1 + (moment % (3 * intervalMs))
          const tookMs = Math.floor(share * settings.timeoutMs)
          const { history, downAtMs } = watch(start, phase, failsFromMs, tookMs)
          expect(downAtMs).toHaveLength(settings.downThreshold)
          expect(history.incidents).toMatchObject([{ startedAtMs: downAtMs[0] }])

          const promised = detectionSeconds(
            settings.intervalSeconds,
            confirmSpacingMs / 1_000,
            settings.timeoutMs,
            settings.downThreshold,
            uptimePolicy.recheckPauseMs,
          )
          const lateMs = (history.incidents[0]?.confirmedAtMs ?? Infinity) - failsFromMs
          expect(lateMs).toBeLessThanOrEqual((tookMs === 0 ? promised.refused : promised.hanging) * 1_000)
        },
      ),
      { numRuns: 500 },
    )
  })
})
