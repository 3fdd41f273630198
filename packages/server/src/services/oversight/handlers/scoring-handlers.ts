import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { commitScore, reportOutcome, scoreBatch, scoreInteraction } from '../contract/scoring.ts'
import type { OversightDeps } from '../deps.ts'
import * as change from '../usecases/change-score.ts'
import * as score from '../usecases/score.ts'
import { createScoreGroups } from '../usecases/score-groups.ts'

type Scoring = readonly [typeof scoreInteraction, typeof scoreBatch, typeof commitScore, typeof reportOutcome]

export function scoringHandlers(deps: OversightDeps): HandlersOf<Scoring> {
  const record = createScoreGroups(deps)
  return {
    scoreInteraction: (caller, { body, query: { mode } }, context) =>
      score.scoreInteraction(deps, caller, body, mode, context, record),
    scoreBatch: (caller, { body }, context) => score.scoreBatch(deps, caller, body, context),
    commitScore: (caller, { params, body }, context) =>
      change.commitScore(deps, caller, params.session_id, body, context),
    reportOutcome: (caller, { params, body }, context) =>
      change.reportOutcome(deps, caller, params.session_id, body, context),
  }
}
