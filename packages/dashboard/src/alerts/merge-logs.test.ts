import { expect, it } from 'vitest'
import { mergeLogs } from './merge-logs.ts'

const rows = (...times: readonly string[]) => times.map((at) => ({ at }))

it('two logs are one, newest first', () => {
  const merged = mergeLogs([
    { rows: rows('5', '2'), hasMore: false },
    { rows: rows('4', '1'), hasMore: false },
  ])
  expect(merged.map(({ at }) => at)).toEqual(['5', '4', '2', '1'])
})

it('nothing is shown below the end of a log that goes on, so that nothing comes in between later', () => {
  const merged = mergeLogs([
    { rows: rows('5', '3'), hasMore: true },
    { rows: rows('4', '2'), hasMore: false },
  ])
  expect(merged.map(({ at }) => at)).toEqual(['5', '4', '3'])
})
