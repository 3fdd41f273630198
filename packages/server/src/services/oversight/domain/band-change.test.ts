import { expect, it } from 'vitest'
import { currentModel } from '../params-hash.ts'
import { judgeBandChange, type LastDays } from './band-change.ts'
import type { Band } from './score.ts'

it.each<[promise: string, announced: Band, days: LastDays, told: string | null]>([
  ['the same band is no news', 'adequate', [60, 74.9, 60], null],
  ['two points below the edge are told at once', 'adequate', [58, 70, 70], 'at_risk medium'],
  ['a point less is not', 'adequate', [58.1, 70, 70], null],
  ['three days just below are told', 'adequate', [59.9, 59.9, 59.9], 'at_risk medium'],
  ['two days are not', 'adequate', [59.9, 59.9, 60], null],
  ['a day without a number breaks the three', 'adequate', [59.9, null, 59.9], null],
  ['two points above the edge are told at once', 'adequate', [77, 60, 60], 'proficient low'],
  ['a point less is not told either', 'adequate', [76.9, 60, 60], null],
  ['two bands down is past the edge', 'adequate', [39.9, 70, 70], 'impaired medium'],
  ['a number that is withheld is no news', 'adequate', [null, 30, 30], null],
])('%s', (_promise, announced, days, told) => {
  const change = judgeBandChange(announced, days, currentModel.parameters)
  expect(change && `${change.to} ${change.severity}`).toBe(told)
})
