import { expect, it } from 'vitest'
import { readTyped, typeOut } from './preset-thresholds.ts'

it('thresholds are read once each of them is a number', () => {
  const typed = typeOut({
    name: 'balanced',
    builtin: true,
    version: 1,
    method: 'published',
    high_enter: 3,
    high_exit: 0.5,
    low_enter: -2.5,
    low_exit: -0.5,
    enter_k: 2,
    exit_k: 8,
    description: null,
  })
  expect(readTyped(typed)).toMatchObject({ high_enter: 3, low_enter: -2.5, exit_k: 8 })
  for (const half of ['', '-', '1e', ' ']) expect(readTyped({ ...typed, low_exit: half })).toBeUndefined()
})
