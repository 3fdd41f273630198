import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { exerciseEndpoints } from '../contract/exercises.ts'
import type { OversightDeps } from '../deps.ts'
import * as exercises from '../usecases/exercises.ts'

export function exerciseHandlers(deps: OversightDeps): HandlersOf<typeof exerciseEndpoints> {
  return {
    listExercises: (caller, _input, context) => exercises.listExercises(deps, caller, context),
    addExercise: (caller, { body }, context) => exercises.addExercise(deps, caller, body, context),
    removeExercise: (caller, { params }, context) =>
      exercises.removeExercise(deps, caller, params.id, context),
  }
}
