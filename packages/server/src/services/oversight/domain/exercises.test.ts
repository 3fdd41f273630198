import { expect, it } from 'vitest'
import { chooseExercises, exercises, practiceLabel } from './exercises.ts'
import { dimensionNames } from './parameters.ts'

it('there are two exercises for each dimension, each with an id of its own', () => {
  expect(exercises).toHaveLength(14)
  expect(new Set(exercises.map(({ id }) => id)).size).toBe(14)
  for (const name of dimensionNames) expect(chooseExercises(name, null)).toHaveLength(2)
})

it('those of the target come first', () => {
  expect(chooseExercises('deliberation_depth', 'error_detection').map(({ dimension }) => dimension)).toEqual([
    'deliberation_depth',
    'deliberation_depth',
    'error_detection',
    'error_detection',
  ])
  expect(chooseExercises(null, null)).toEqual([])
})

it('the label says that it is practice, and when that is said', () => {
  expect(practiceLabel).toMatch(/^Practice\. .*before you answer/)
})
