import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CountedResult, latencyQuantileMs, latencySteps, toBucket } from './bucket.ts'
import { check, recordAll, startHistory } from './fixtures/history.ts'

const hour = 3_600_000

function answer(
  startedAtMs: number,
  totalMs: number | null,
  outcome: CountedResult['outcome'] = 'up',
): CountedResult {
  return { startedAtMs, outcome, totalMs }
}

describe('an hour or day row', () => {
  it("the six states add up to the bucket's length within the monitor's life, exactly", () => {
    const gaps = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 900_000 }), fc.constantFrom('up', 'down', 'unknown')),
      {
        maxLength: 60,
      },
    )
    fc.assert(
      fc.property(gaps, (list) => {
        let atMs = hour / 3
        const events = list.map(([gapMs, outcome]) => check(outcome, (atMs += gapMs)))
        const { intervals } = recordAll(startHistory({}, hour / 3), events)
        for (let fromMs = 0; fromMs < 4 * hour; fromMs += hour) {
          const { upMs, degradedMs, downMs, maintenanceMs, pausedMs, unknownMs, blipMs } = toBucket(
            intervals,
            [],
            fromMs,
            fromMs + hour,
          )
          const lifeMs = fromMs === 0 ? (hour * 2) / 3 : hour
          expect(upMs + degradedMs + downMs + maintenanceMs + pausedMs + unknownMs).toBe(lifeMs)
          expect(blipMs).toBeLessThanOrEqual(upMs)
        }
      }),
    )
  })

  it('counts the checks that started inside, from its first millisecond to before its last', () => {
    const results = [
      answer(hour - 1, 5),
      answer(hour, 5),
      answer(2 * hour - 1, null, 'down'),
      answer(2 * hour, 5),
    ]
    expect(toBucket([], results, hour, 2 * hour)).toMatchObject({
      checks: 2,
      fails: 1,
      latency: { count: 1, sumMs: 5 },
    })
  })

  it('measures good answers only', () => {
    const results = [
      answer(0, 10),
      answer(1, 30, 'degraded'),
      answer(2, 10_000, 'down'),
      answer(3, 20_000, 'unknown'),
    ]
    expect(toBucket([], results, 0, hour).latency).toMatchObject({
      count: 2,
      sumMs: 40,
      minMs: 10,
      maxMs: 30,
    })
  })

  it('has 40 latency steps up to 30 s, and the last takes in all beyond', () => {
    expect(latencySteps).toHaveLength(40)
    expect(latencySteps.at(-1)).toBe(30_000)
    const { histogram } = toBucket([], [answer(0, 0), answer(1, 30_000), answer(2, 99_000)], 0, hour).latency
    expect(histogram[0]).toBe(1)
    expect(histogram[39]).toBe(2)
  })

  it('a quantile is right to the precision of the steps', () => {
    const { latency } = toBucket(
      [],
      Array.from({ length: 100 }, (_, index) => answer(index, index + 1)),
      0,
      hour,
    )
    const p95 = latencyQuantileMs(latency, 0.95) ?? 0
    expect(p95).toBeGreaterThanOrEqual(95)
    expect(p95 / 95).toBeLessThan(1.3)
    expect(latencyQuantileMs(toBucket([], [], 0, hour).latency, 0.95)).toBeNull()
  })
})
