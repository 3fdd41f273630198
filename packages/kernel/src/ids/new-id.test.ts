import { expect, it } from 'vitest'
import { newId, ulidPattern } from './new-id.ts'
import { newRequestId } from './new-request-id.ts'

it('ids are well formed, rise, and never repeat, also within one millisecond and beyond one draw of randomness', () => {
  const ids = Array.from({ length: 10_000 }, (_, index) =>
    newId(1_700_000_000_000 + Math.floor(index / 1_000)),
  )
  expect(ids.every((id) => ulidPattern.test(id))).toBe(true)
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
})

it('ids of requests are as well formed and never repeat, though they count', () => {
  const ids = Array.from({ length: 10_000 }, (_, index) =>
    newRequestId(1_700_000_000_000 + Math.floor(index / 4_000)),
  )
  expect(ids.every((id) => ulidPattern.test(id))).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
})
