import { expect, it } from 'vitest'
import { toDayBar } from './day-bar.ts'
import type { Interval } from './timeline.ts'

const at = (fromMs: number, toMs: number | null, state: Interval['state']): Interval => ({
  fromMs,
  toMs,
  state,
  blipMs: 0,
  incidentId: null,
})

it.each<[promise: string, intervals: readonly Interval[], bar: ReturnType<typeof toDayBar>]>([
  ['before a monitor was there it says nothing', [at(20, null, 'up')], [null, null, 'up', 'up']],
  [
    'a moment of downtime marks its part alone',
    [at(0, 15, 'up'), at(15, 16, 'down'), at(16, null, 'up')],
    ['up', 'down', 'up', 'up'],
  ],
  [
    'what ends where a part begins is not of that part',
    [at(0, 20, 'down'), at(20, null, 'up')],
    ['down', 'down', 'up', 'up'],
  ],
  [
    'maintenance outweighs good time, and trouble outweighs maintenance',
    [at(0, 5, 'maintenance'), at(5, 8, 'degraded'), at(8, 25, 'up'), at(25, null, 'maintenance')],
    ['degraded', 'up', 'maintenance', 'maintenance'],
  ],
])('%s', (_promise, intervals, bar) => expect(toDayBar(intervals, 0, 40, 4)).toEqual(bar))
