import { expect, it } from 'vitest'
import { assign, assignmentsMax } from './assignment.ts'

const nobody = { assigneeId: null, assignments: null }

it('each hand that an incident passes through is remembered in order', () => {
  const first = assign(nobody, { atMs: 1, assigneeId: 'ann', by: 'ann' })
  const second = assign(first, { atMs: 2, assigneeId: 'bob', by: 'ann' })
  expect(assign(second, { atMs: 3, assigneeId: null, by: 'bob' })).toEqual({
    assigneeId: null,
    assignments: [
      { atMs: 1, assigneeId: 'ann', by: 'ann' },
      { atMs: 2, assigneeId: 'bob', by: 'ann' },
      { atMs: 3, assigneeId: null, by: 'bob' },
    ],
  })
})

it('to give it to whoever has it already changes nothing', () => {
  expect(assign(nobody, { atMs: 1, assigneeId: null, by: 'ann' })).toEqual(nobody)
  const held = assign(nobody, { atMs: 1, assigneeId: 'ann', by: 'ann' })
  expect(assign(held, { atMs: 2, assigneeId: 'ann', by: 'bob' })).toEqual(held)
})

it(`the last ${assignmentsMax} hands are kept, and the one before them is not`, () => {
  let held: Parameters<typeof assign>[0] = nobody
  for (let atMs = 0; atMs <= assignmentsMax; atMs += 1)
    held = assign(held, { atMs, assigneeId: `person ${atMs}`, by: null })
  expect(held.assignments?.map(({ atMs }) => atMs)).toEqual(
    Array.from({ length: assignmentsMax }, (_, index) => index + 1),
  )
})
