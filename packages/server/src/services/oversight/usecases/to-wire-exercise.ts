import type { WireExercise } from '../contract/exercises.ts'
import { type Exercise, practiceLabel } from '../domain/exercises.ts'

/** Every exercise is announced and labelled as practice, whether built in or added. */
export function toWireExercise(exercise: Exercise): WireExercise {
  const { id, title, description, dimension, minutes, steps, cases } = exercise
  return {
    id,
    title,
    description,
    target_dimension: dimension,
    estimated_minutes: minutes,
    payload: {
      label: practiceLabel,
      disclosed: true,
      dimension,
      minutes,
      steps: [...steps],
      needs_cases: cases,
    },
  }
}
