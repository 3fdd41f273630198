import { describe, expect, it } from 'vitest'
import { addBlip, applyEdits, cutToVouched, type Interval } from './timeline.ts'

function stretch(
  fromMs: number,
  toMs: number | null,
  state: Interval['state'],
  changed: Partial<Interval> = {},
): Interval {
  return { fromMs, toMs, state, blipMs: 0, incidentId: null, ...changed }
}

const start = [stretch(0, null, 'unknown')]

describe('the timeline', () => {
  it('closes the open interval where the next begins', () => {
    expect(applyEdits(start, [{ fromMs: 10, state: 'up', incidentId: null }])).toEqual([
      stretch(0, 10, 'unknown'),
      stretch(10, null, 'up'),
    ])
  })

  it('a back-dated edit takes the place of all that was said about the time since', () => {
    const before = [stretch(0, 10, 'up'), stretch(10, 20, 'unknown'), stretch(20, null, 'up')]
    expect(applyEdits(before, [{ fromMs: 5, state: 'down', incidentId: 'i1' }])).toEqual([
      stretch(0, 5, 'up'),
      stretch(5, null, 'down', { incidentId: 'i1' }),
    ])
  })

  it('an interval without length does not stay, and equal neighbours are one', () => {
    const edits = [
      { fromMs: 10, state: 'up', incidentId: null },
      { fromMs: 20, state: 'paused', incidentId: null },
      { fromMs: 20, state: 'up', incidentId: null },
    ] as const
    expect(applyEdits(start, edits)).toEqual([stretch(0, 10, 'unknown'), stretch(10, null, 'up')])
  })

  it('downtime of two incidents stays two intervals', () => {
    const before = [stretch(0, null, 'down', { incidentId: 'i1' })]
    expect(applyEdits(before, [{ fromMs: 5, state: 'down', incidentId: 'i2' }])).toHaveLength(2)
  })

  it('a blip is an interval of its own, good time, and cut along with it', () => {
    const marked = addBlip([stretch(0, 100, 'degraded'), stretch(100, null, 'up')], { fromMs: 90, toMs: 110 })
    expect(marked).toEqual([
      stretch(0, 90, 'degraded'),
      stretch(90, 110, 'up', { blipMs: 20 }),
      stretch(110, null, 'up'),
    ])
    expect(applyEdits(marked, [{ fromMs: 95, state: 'unknown', incidentId: null }])[1]).toEqual(
      stretch(90, 95, 'up', { blipMs: 5 }),
    )
  })

  it('no blip is marked in time that was not good', () => {
    const before = [stretch(0, 10, 'maintenance'), stretch(10, null, 'unknown')]
    expect(addBlip(before, { fromMs: 5, toMs: 15 })).toEqual(before)
  })

  it('ends where the last verdict does, before the judge has said so', () => {
    const up = [stretch(0, null, 'up')]
    expect(cutToVouched(up, 50)).toEqual([stretch(0, 50, 'up'), stretch(50, null, 'unknown')])
    expect(cutToVouched(up, null)).toEqual(up)
    expect(cutToVouched([stretch(0, null, 'paused')], 50)).toEqual([stretch(0, null, 'paused')])
  })
})
