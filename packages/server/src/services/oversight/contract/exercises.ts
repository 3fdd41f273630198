import { defineEndpoint, displayName, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { bounded } from '../../../service/shapes.ts'
import { dimensionNames } from '../domain/parameters.ts'
import { oversightPolicy } from '../policy.ts'
import { dimensionName, envelope } from './blocks.ts'

const tag = 'views'
const readsOperators = { kind: 'key', scope: 'operators:read' } as const
const writesSettings = { kind: 'key', scope: 'settings:write' } as const
const figures = oversightPolicy.exercises

export const exercise = z.strictObject({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  target_dimension: dimensionName,
  estimated_minutes: z.int(),
  payload: z.strictObject({
    /** Shown before the exercise starts, so that nobody practises without knowing it. */
    label: z.string(),
    disclosed: z.literal(true),
    dimension: dimensionName,
    minutes: z.int(),
    steps: z.array(z.string()),
    needs_cases: z.int(),
  }),
})

export type WireExercise = z.input<typeof exercise>

const listedExercise = exercise
  .extend({
    /** False for a built-in exercise, which every organisation has. */
    own: z.boolean(),
  })
  .meta({ id: 'OversightExercise' })

const dimension = z.enum(dimensionNames, { error: `must be one of ${dimensionNames.join(', ')}` })
const most = figures.stepsMax

const newExercise = z
  .strictObject({
    title: displayName(100),
    description: displayName(500),
    target_dimension: dimension,
    estimated_minutes: bounded(figures.minutes),
    steps: z
      .array(displayName(300), { error: `must be a list of 1 to ${most} steps` })
      .min(1, `must name 1 to ${most} steps`)
      .max(most, `must name 1 to ${most} steps`),
    needs_cases: bounded(figures.cases).default(0),
  })
  .meta({ id: 'NewOversightExercise' })

export type NewExerciseBody = z.output<typeof newExercise>

const listExercises = defineEndpoint({
  method: 'GET',
  path: '/v1/maintenance/exercises',
  id: 'listExercises',
  summary: 'List the available exercises: the built-in ones and those of the organisation',
  tag,
  access: readsOperators,
  reply: { status: 200, schema: z.strictObject({ ...envelope, exercises: z.array(listedExercise) }) },
  problems: [],
})

const addExercise = defineEndpoint({
  method: 'POST',
  path: '/v1/maintenance/exercises',
  id: 'addExercise',
  summary: 'Add an exercise of the organisation; it is recommended in addition to the built-in exercises',
  description:
    'Like every exercise, it is labelled as practice wherever it appears; the label cannot be removed.',
  tag,
  access: writesSettings,
  body: newExercise,
  reply: { status: 201, schema: z.strictObject({ ...envelope, exercise: listedExercise }) },
  problems: ['EXERCISE_LIMIT_REACHED'],
  example: {
    body: {
      title: 'Read the limits first',
      description: 'Name what the model cannot know before you read its advice.',
      target_dimension: 'error_detection',
      estimated_minutes: 10,
      steps: ['Read the case.', 'Write what the model cannot know.', 'Open the advice.', 'Decide.'],
      needs_cases: 4,
    },
  },
})

const removeExercise = defineEndpoint({
  method: 'DELETE',
  path: '/v1/maintenance/exercises/{id}',
  id: 'removeExercise',
  summary: 'Remove an exercise of the organisation',
  tag,
  access: writesSettings,
  params: z.strictObject({ id: text(1, 64) }),
  reply: { status: 200, schema: z.strictObject({ ...envelope, deleted: z.literal(true), id: z.string() }) },
  problems: ['NOT_FOUND'],
})

export const exerciseEndpoints = [listExercises, addExercise, removeExercise] as const
