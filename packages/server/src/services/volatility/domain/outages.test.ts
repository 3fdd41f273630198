import { describe, expect, it } from 'vitest'
import { readOutages } from './outages.ts'

const minuteMs = 60_000

function minutes(count: number, ...unseen: readonly (readonly [from: number, length: number])[]): boolean[] {
  const seen = Array.from({ length: count }, () => true)
  for (const [from, length] of unseen) seen.fill(false, from, from + length)
  return seen
}

describe('outages-are-read-from-the-call-log', () => {
  it('the known week: of runs of 2, 3 and 45 minutes two are incidents', () => {
    const read = readOutages(0, minutes(10_080, [100, 2], [500, 3], [9_000, 45]))
    expect(read).toEqual({
      windowMinutes: 10_080,
      observedPercent: expect.closeTo(99.523809524, 9),
      incidents: [
        { startedMs: 9_000 * minuteMs, endedMs: 9_045 * minuteMs, minutes: 45 },
        { startedMs: 500 * minuteMs, endedMs: 503 * minuteMs, minutes: 3 },
      ],
    })
  })

  it('what lasts has no end, and less than an hour gives no share', () => {
    expect(readOutages(minuteMs, minutes(59, [55, 4]))).toEqual({
      windowMinutes: 59,
      observedPercent: null,
      incidents: [{ startedMs: 56 * minuteMs, endedMs: null, minutes: 4 }],
    })
    expect(readOutages(0, minutes(60)).observedPercent).toBe(100)
    expect(readOutages(0, [])).toEqual({ windowMinutes: 0, observedPercent: null, incidents: [] })
  })
})
