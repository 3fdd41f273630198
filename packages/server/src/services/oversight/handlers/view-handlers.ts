import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { getScore, replayScore } from '../contract/scoring.ts'
import type { getOrganization, getProfile } from '../contract/views.ts'
import type { OversightDeps } from '../deps.ts'
import * as organization from '../usecases/get-organization.ts'
import * as profile from '../usecases/get-profile.ts'
import * as scores from '../usecases/read-scores.ts'

type Views = readonly [typeof getScore, typeof replayScore, typeof getProfile, typeof getOrganization]

export function viewHandlers(deps: OversightDeps): HandlersOf<Views> {
  return {
    getScore: (caller, { params }, context) => scores.getScore(deps, caller, params.session_id, context),
    replayScore: (caller, { params }, context) =>
      scores.replayScore(deps, caller, params.session_id, context),
    getOperatorProfile: (caller, { params, query }, context) =>
      profile.getProfile(deps, caller, params.operator_id, query, context),
    getOrganizationDashboard: (caller, { query }, context) =>
      organization.getOrganization(deps, caller, query, context),
  }
}
