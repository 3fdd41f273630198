import { describe, expect, it } from 'vitest'
import { uptimePolicy } from '../policy.ts'
import { confirmSpacingSeconds, detectionSeconds } from './confirmation.ts'

const figures = uptimePolicy.confirmSpacingSeconds

describe('confirmation', () => {
  it.each([
    [60, 10, 100, 114, 300],
    [300, 15, 360, 370, 1_500],
    [3_600, 30, 3_720, 3_730, 18_000],
  ])(
    'a refused target is confirmed in time at an interval of %i s: spacing %i s, refused %i s, hanging %i s, not %i s',
    (intervalSeconds, spacing, refused, hanging, withoutRechecks) => {
      expect(confirmSpacingSeconds(intervalSeconds, null, figures)).toBe(spacing)
      expect(detectionSeconds(intervalSeconds, spacing, 10_000, 5, 1_000)).toEqual({ refused, hanging })
      expect(detectionSeconds(intervalSeconds, intervalSeconds, 10_000, 5, 1_000).refused).toBe(
        withoutRechecks,
      )
    },
  )

  it.each([
    [199, 10],
    [200, 10],
    [220, 11],
    [600, 30],
    [601, 30],
  ])('the spacing at an interval of %i s is %f s', (intervalSeconds, spacing) =>
    expect(confirmSpacingSeconds(intervalSeconds, null, figures)).toBe(spacing),
  )

  it("a monitor's own spacing takes its place", () => expect(confirmSpacingSeconds(60, 5, figures)).toBe(5))

  it('one threshold means no re-check, and a hanging check only adds its time-out', () =>
    expect(detectionSeconds(60, 10, 1_500, 1, 1_000)).toEqual({ refused: 60, hanging: 62 }))
})
