import { expect, it } from 'vitest'
import { toProgressText } from './import-progress.ts'

const progress = { lines: 12_000, perSecond: 5_000, rejected: 3, share: 0.25, elapsedMs: 2_400 }

it.each([
  ['a quarter done', {}, '12000 lines, 5000/s, 3 rejected, 25%, 8 s left'],
  ['all of it', { share: 1 }, '12000 lines, 5000/s, 3 rejected, 100%, 0 s left'],
  [
    '119 seconds left',
    { share: 0.5, elapsedMs: 119_000 },
    '12000 lines, 5000/s, 3 rejected, 50%, 119 s left',
  ],
  [
    'two minutes left',
    { share: 0.5, elapsedMs: 120_000 },
    '12000 lines, 5000/s, 3 rejected, 50%, 2 min left',
  ],
  ['two hours left', { share: 0.5, elapsedMs: 7_200_000 }, '12000 lines, 5000/s, 3 rejected, 50%, 2 h left'],
  ['nothing read', { share: 0 }, '12000 lines, 5000/s, 3 rejected'],
  ['all held to be sorted', { share: null }, '12000 lines, 5000/s, 3 rejected'],
])('%s', (_what, changes, text) => {
  expect(toProgressText({ ...progress, ...changes })).toBe(text)
})
