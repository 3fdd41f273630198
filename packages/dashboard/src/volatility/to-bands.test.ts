import { expect, it } from 'vitest'
import { toBands } from './to-bands.ts'

it('bars in a row with one regime are one period, and bars without any break it', () => {
  const bands = toBands([10, 20, 30, 40, 50, 60], ['low', 'low', null, 'low', 'high', 'high'])
  expect(bands.map(({ fromMs, toMs, tone }) => [fromMs, toMs, tone])).toEqual([
    [10, 30, 'low'],
    [40, 50, 'low'],
    [50, 60, 'high'],
  ])
  expect(toBands([], [])).toEqual([])
})
