import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { DialogForm, Section, Select } from '../controls.tsx'
import { Complaint, Found } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { Field } from '../parts/field.tsx'
import { TextArea } from '../parts/text-area.tsx'
import { saying } from '../refusal.ts'
import { toText } from '../to-text.ts'
import { exerciseWords as says, sayExercise } from '../words/exercise-words.ts'
import { ownRecordWords } from '../words/own-record-words.ts'
import { ExerciseItem } from './exercise-item.tsx'
import { dimensions, oversight } from './oversight-calls.ts'

const key = ['oversight-exercises']

/** The exercises that practice is recommended from: the built-in ones, and the organisation's own. */
export function Exercises() {
  const queries = useQueryClient()
  const [isAdding, setIsAdding] = useState(false)
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => oversight.exercises.list({ signal }),
  })
  const remove = useMutation({
    mutationFn: (id: string) => oversight.exercises.remove(id),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  })
  return (
    <Section title={says.title} text={says.text}>
      <div class="actions">
        <button type="button" onClick={() => setIsAdding(true)}>
          {says.add}
        </button>
      </div>
      <Complaint error={remove.error} />
      <Found query={query}>
        {({ exercises }) => (
          <ul class="list" aria-label={says.title}>
            {exercises
              .toSorted((one, other) => Number(other.own) - Number(one.own))
              .map((exercise) => (
                <ExerciseItem key={exercise.id} exercise={exercise}>
                  <span class="tag">{exercise.own ? says.own : says.builtIn}</span>
                  {exercise.own ? (
                    <Confirm
                      label={says.remove}
                      thing={sayExercise(exercise).title}
                      question={says.confirmRemove}
                      onConfirm={() => remove.mutate(exercise.id)}
                    />
                  ) : null}
                </ExerciseItem>
              ))}
          </ul>
        )}
      </Found>
      {isAdding ? <AddExercise onClose={() => setIsAdding(false)} /> : null}
    </Section>
  )
}

function AddExercise({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient()
  const add = useMutation({
    mutationFn: (fields: FormData) =>
      saying({ EXERCISE_LIMIT_REACHED: says.full }, () => oversight.exercises.add(readExercise(fields))),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: key })
      onClose()
    },
  })
  return (
    <DialogForm
      title={says.add}
      text={says.label}
      submit={says.save}
      isDisabled={add.isPending}
      error={add.error}
      onSubmit={(fields) => add.mutate(fields)}
      onClose={onClose}
    >
      <Field label={says.name} name="title" />
      <Field label={says.description} name="description" />
      <Select
        label={says.aim}
        name="target_dimension"
        first={dimensions[0]}
        choices={dimensions.map((value) => ({ value, text: ownRecordWords.dimensionNames[value] }))}
      />
      <Field label={says.minutes} name="estimated_minutes" type="number" value="15" />
      <Field label={says.cases} name="needs_cases" type="number" value="0" />
      <TextArea label={says.stepsField} name="steps" rows={5} hint={says.stepsHint} />
    </DialogForm>
  )
}

function readExercise(fields: FormData): Parameters<typeof oversight.exercises.add>[0] {
  const aim = toText(fields, 'target_dimension')
  return {
    title: toText(fields, 'title').trim(),
    description: toText(fields, 'description').trim(),
    target_dimension: dimensions.find((known) => known === aim) ?? dimensions[0],
    estimated_minutes: Number(toText(fields, 'estimated_minutes')),
    needs_cases: Number(toText(fields, 'needs_cases')),
    steps: toText(fields, 'steps')
      .split('\n')
      .map((step) => step.trim())
      .filter((step) => step !== ''),
  }
}
