import { useQuery } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { toNumber } from '../number-format.ts'
import { Found } from '../parts.tsx'
import { saying } from '../refusal.ts'
import { exerciseWords as says } from '../words/exercise-words.ts'
import { ExerciseItem } from './exercise-item.tsx'
import { oversight, type Profile } from './oversight-calls.ts'

/** The exercises for what a person would gain most by practising; asked for when somebody opens them. */
export function RecommendedExercises({
  profile: { operator_id: id, domain },
}: {
  readonly profile: Profile
}) {
  const [isOpen, setIsOpen] = useState(false)
  const query = useQuery({
    queryKey: ['recommended-exercises', id, domain],
    queryFn: ({ signal }) =>
      saying({ INSUFFICIENT_DATA: says.tooFew }, () =>
        oversight.recommendPractice({ operator_id: id, domain }, { signal }),
      ),
    enabled: isOpen,
  })
  return (
    <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>{says.offered}</summary>
      {isOpen ? (
        <Found query={query}>
          {({ exercises, recommendation: { frequency_ratio: ratio } }) =>
            exercises.length === 0 ? (
              <p class="muted small">{says.none}</p>
            ) : (
              <>
                <p class="muted small">{says.oneIn(toNumber(Math.round(1 / ratio)))}</p>
                <ul class="list" aria-label={says.offered}>
                  {exercises.map((exercise) => (
                    <ExerciseItem key={exercise.id} exercise={exercise} />
                  ))}
                </ul>
              </>
            )
          }
        </Found>
      ) : null}
    </details>
  )
}
