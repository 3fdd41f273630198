import { mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import type { NewExerciseBody } from '../contract/exercises.ts'
import type { OversightDeps } from '../deps.ts'
import { exercises as builtIn } from '../domain/exercises.ts'
import { oversightPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import { deleteExercise, insertExercise, listOwnExercises, lockExercises } from '../store/exercise-store.ts'
import { replyStart } from './reply-start.ts'
import { toWireExercise } from './to-wire-exercise.ts'

export async function listExercises(deps: OversightDeps, caller: Principal, context: RequestContext) {
  const own = await within(deps, caller, listOwnExercises)
  return {
    ...replyStart(deps, context),
    exercises: [
      ...builtIn.map((exercise) => ({ ...toWireExercise(exercise), own: false })),
      ...own.map((exercise) => ({ ...toWireExercise(exercise), own: true })),
    ],
  }
}

export async function addExercise(
  deps: OversightDeps,
  caller: Principal,
  body: NewExerciseBody,
  context: RequestContext,
) {
  const nowMs = deps.clock.now()
  const exercise = {
    id: newId(nowMs),
    title: body.title,
    description: body.description,
    dimension: body.target_dimension,
    minutes: body.estimated_minutes,
    steps: body.steps,
    cases: body.needs_cases,
    createdAtMs: nowMs,
  }
  await mutate(deps, caller, async (tx) => {
    await lockExercises(tx)
    if ((await listOwnExercises(tx)).length >= oversightPolicy.exercises.ownMax)
      throw problems.EXERCISE_LIMIT_REACHED()
    await insertExercise(tx, exercise)
    const detail = { title: exercise.title, dimension: exercise.dimension }
    const about = { resourceType: 'exercise', resourceId: exercise.id, detail, at: nowMs }
    return { result: undefined, entry: { action: 'EXERCISE_ADDED', ...about } }
  })
  return { ...replyStart(deps, context), exercise: { ...toWireExercise(exercise), own: true } }
}

export async function removeExercise(
  deps: OversightDeps,
  caller: Principal,
  id: string,
  context: RequestContext,
) {
  await mutate(deps, caller, async (tx) => {
    if (!(await deleteExercise(tx, id))) throw problems.NOT_FOUND()
    const about = { resourceType: 'exercise', resourceId: id, at: deps.clock.now() }
    return { result: undefined, entry: { action: 'EXERCISE_REMOVED', ...about } }
  })
  return { ...replyStart(deps, context), deleted: true as const, id }
}
