import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { getDecisionPolicy, setDecisionPolicy } from '../contract/decision-policy.ts'
import type {
  getDecision,
  listDecisionQueue,
  listDecisions,
  replayDecision,
  resumeDecision,
  reviewDecision,
  scoreDecision,
} from '../contract/decisions.ts'
import type { getOversightReceipt } from '../contract/oversight-receipt.ts'
import type { previewDecisionPolicy } from '../contract/policy-preview.ts'
import type { OversightDeps } from '../deps.ts'
import * as policy from '../usecases/decision-policy.ts'
import * as receipts from '../usecases/oversight-receipt.ts'
import * as preview from '../usecases/preview-policy.ts'
import * as decisions from '../usecases/read-decisions.ts'
import * as resume from '../usecases/resume-decision.ts'
import * as review from '../usecases/review-decision.ts'
import * as score from '../usecases/score-decision.ts'

type Decisions = readonly [
  typeof scoreDecision,
  typeof getDecision,
  typeof listDecisionQueue,
  typeof listDecisions,
  typeof reviewDecision,
  typeof resumeDecision,
  typeof replayDecision,
  typeof getOversightReceipt,
  typeof getDecisionPolicy,
  typeof setDecisionPolicy,
  typeof previewDecisionPolicy,
]

export function decisionHandlers(deps: OversightDeps): HandlersOf<Decisions> {
  return {
    scoreDecision: (caller, { body }, context) => score.scoreDecision(deps, caller, body, context),
    getDecision: (caller, { params }, context) => decisions.getDecision(deps, caller, params.id, context),
    listDecisionQueue: (caller, { query }, context) => decisions.listQueue(deps, caller, query, context),
    listDecisions: (
      caller,
      { query: { routing, operator_id: operatorId, since, until, ...query } },
      context,
    ) =>
      decisions.listDecisions(
        deps,
        caller,
        { ...query, route: routing, operatorId, sinceMs: since, untilMs: until },
        context,
      ),
    reviewDecision: (caller, { params, body }, context) =>
      review.reviewDecision(deps, caller, params.id, body, context),
    resumeDecision: (_visitor, { body }, context) => resume.resumeDecision(deps, body, context),
    replayDecision: (caller, { params }, context) =>
      decisions.replayDecision(deps, caller, params.id, context),
    getOversightReceipt: (caller, { params }, context) =>
      receipts.getOversightReceipt(deps, caller, params.id, context),
    getDecisionPolicy: (caller, _input, context) => policy.getPolicy(deps, caller, context),
    setDecisionPolicy: (caller, { body }, context) => policy.setPolicy(deps, caller, body, context),
    previewDecisionPolicy: (caller, { body }, context) => preview.previewPolicy(deps, caller, body, context),
  }
}
