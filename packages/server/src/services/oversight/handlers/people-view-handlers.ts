import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type {
  changeOperator,
  getSparkline,
  listInteractions,
  listOperators,
  recommendPractice,
} from '../contract/people-views.ts'
import type { OversightDeps } from '../deps.ts'
import * as views from '../usecases/people-views.ts'
import * as practice from '../usecases/recommend-practice.ts'

type PeopleViews = readonly [
  typeof recommendPractice,
  typeof getSparkline,
  typeof listInteractions,
  typeof changeOperator,
  typeof listOperators,
]

export function peopleViewHandlers(deps: OversightDeps): HandlersOf<PeopleViews> {
  return {
    recommendPractice: (caller, { body }, context) => practice.recommendPractice(deps, caller, body, context),
    getOperatorSparkline: (caller, { params, query }, context) =>
      views.getSparkline(deps, caller, params.operator_id, query, context),
    listOperatorInteractions: (caller, { params, query }, context) =>
      views.listInteractions(deps, caller, params.operator_id, query, context),
    changeOperator: (caller, { params, body }, context) =>
      views.changeOperator(deps, caller, params.operator_id, body, context),
    listOperators: (caller, { query }, context) => views.listOperators(deps, caller, query, context),
  }
}
