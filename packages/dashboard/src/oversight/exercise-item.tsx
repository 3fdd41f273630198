import type { ComponentChildren } from 'preact'
import { toNumber } from '../number-format.ts'
import { exerciseWords as says, sayExercise } from '../words/exercise-words.ts'
import { ownRecordWords } from '../words/own-record-words.ts'
import type { Exercise } from './oversight-calls.ts'

/** An exercise with what it practises and its steps; that it is practice is said first. */
export function ExerciseItem({
  exercise,
  children,
}: {
  readonly exercise: Exercise
  readonly children?: ComponentChildren
}) {
  const { title, description, steps } = sayExercise(exercise)
  const { minutes, needs_cases: cases } = exercise.payload
  return (
    <li>
      <div class="grow">
        <strong>{title}</strong>
        <p class="small">{description}</p>
        <p class="muted small">
          {ownRecordWords.dimensionNames[exercise.target_dimension]} ·{' '}
          {cases === 0
            ? says.minutesAlone(toNumber(minutes))
            : says.facts(toNumber(minutes), toNumber(cases))}
        </p>
        <details class="small">
          <summary>{says.steps}</summary>
          <p class="muted">{says.label}</p>
          <ol class="steps">
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </details>
      </div>
      {children}
    </li>
  )
}
