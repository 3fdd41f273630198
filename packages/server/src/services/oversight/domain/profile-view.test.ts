import { expect, it } from 'vitest'
import { judgeLook, lookGapMs, type NotedView, type ViewWay } from './profile-view.ts'

const nowMs = 1_000 * lookGapMs
const at = (agoMs: number, ...ways: ViewWay[]): NotedView => ({ lastAtMs: nowMs - agoMs, ways })

it.each<[promise: string, noted: NotedView | undefined, way: ViewWay, wanted: ReturnType<typeof judgeLook>]>([
  ['the first look of a day is an entry', undefined, 'screen', 'entry'],
  ['an instant before the gap is over it is the same look', at(lookGapMs - 1, 'screen'), 'screen', 'nothing'],
  ['at the gap it is another', at(lookGapMs, 'screen'), 'screen', 'count'],
  ['by another way it is another at once', at(0, 'screen'), 'export', 'count'],
  [
    'a look at one’s own record says nothing of a look at the figures',
    at(0, 'own_record'),
    'screen',
    'entry',
  ],
  ['a look at one’s own record after one at the figures', at(0, 'screen'), 'own_record', 'count'],
])('%s', (_promise, noted, way, wanted) => {
  expect(judgeLook(noted, way, way === 'own_record', nowMs)).toBe(wanted)
})

it('a look at one’s own record is never an entry', () => {
  expect(judgeLook(undefined, 'own_record', true, nowMs)).toBe('count')
})
