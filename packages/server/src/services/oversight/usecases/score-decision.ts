import { type AuditedTx, type Decision, type JsonValue, mutate, type Mutation } from '@gatehouse/kernel/audit'
import { retryConflicts, within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import { toErrorFields } from '@gatehouse/kernel/log'
import type { Principal } from '@gatehouse/kernel/principal'
import type { ScoredDecisionReply } from '../contract/decision-blocks.ts'
import type { DecisionBody } from '../contract/decision-bodies.ts'
import type { OversightDeps } from '../deps.ts'
import { beginLife, chooseAssignee } from '../domain/decision-life.ts'
import { defaultPolicy, type DecisionPolicy, reviewersOf } from '../domain/decision-policy.ts'
import {
  type DecisionGrounds,
  type DecisionRequest,
  evaluateDecision,
  type Evaluation,
  failedEvaluation,
  toInteraction,
} from '../domain/evaluate-decision.ts'
import { currentModel, modelOf } from '../params-hash.ts'
import { countOpen, findGate, insertDecision, type StoredDecision } from '../store/decision-store.ts'
import { assertModel } from './assert-model.ts'
import { judgeEvidence } from './judge-evidence.ts'
import { prepareDecision, type PreparedDecision } from './prepare-decision.ts'
import { readGrounds, readPolicy } from './read-grounds.ts'
import { issueReceipt, newReceiptId, prepareReceipt } from './receipts.ts'
import { digestResumeToken, mintResumeToken } from './resume-token.ts'
import { tellRouted } from './tell-of-decision.ts'
import { toDecisionId, toDecisionMembers } from './to-decision-reply.ts'

/**
 * Scores and routes a decision. It fails closed: if the score cannot be computed, the decision is blocked; if it
 * cannot be recorded, the request fails with a reply that says the decision is blocked (specification 7).
 */
export async function scoreDecision(
  deps: OversightDeps,
  principal: Principal,
  sent: DecisionBody,
  context: RequestContext,
): Promise<ScoredDecisionReply> {
  assertModel(deps)
  // From here on, the model's output and unlisted members are no longer held.
  const prepared = prepareDecision(sent, context)
  const known = await readKnown(deps, principal, prepared)
  return retryConflicts(() => mutate(deps, principal, (tx) => record(deps, principal, tx, prepared, known)))
}

/** The data that a decision is scored with; null if the engine failed. */
type Known = {
  readonly policyVersion: number
  readonly policy: DecisionPolicy
  readonly grounds: DecisionGrounds
} | null

/** Version number if the engine failed before the versions were read. */
const unknownVersion = 0

async function readKnown(
  deps: OversightDeps,
  principal: Principal,
  prepared: PreparedDecision,
): Promise<Known> {
  try {
    return await within(deps, principal, async (tx) => {
      const { version, policy } = await readPolicy(tx, currentModel)
      return { policyVersion: version, policy, grounds: await readGrounds(deps, tx, prepared, currentModel) }
    })
  } catch (error) {
    return toFailure(deps, error)
  }
}

type Scored = { readonly evaluation: Evaluation; readonly known: Known }

function evaluate(deps: OversightDeps, request: DecisionRequest, known: Known): Scored {
  try {
    if (known !== null) {
      const { grounds, policy } = known
      return { evaluation: evaluateDecision(request, grounds, policy, currentModel.parameters), known }
    }
  } catch (error) {
    toFailure(deps, error)
  }
  return { evaluation: failedEvaluation, known: null }
}

function toFailure(deps: OversightDeps, error: unknown): null {
  deps.log.error('A decision could not be computed, and is blocked', toErrorFields(error))
  return null
}

type Judged = Pick<PreparedDecision, 'request'> &
  Pick<StoredDecision, 'evidence'> & { readonly refusals: readonly Decision[] }

/** The decision with observed values in place of claimed ones. */
async function judge(
  deps: OversightDeps,
  tx: AuditedTx,
  { request, operatorId, evidence }: PreparedDecision,
  id: string,
  nowMs: number,
): Promise<Judged> {
  const { human, domain, sessionId } = request
  if (human === null || evidence === null || operatorId === null)
    return { request, evidence: null, refusals: [] }
  const about = { operatorId, sessionId: sessionId ?? '', domain, usedBy: toDecisionId(id) }
  const judged = await judgeEvidence(deps, tx, about, evidence, toInteraction(human), nowMs)
  const { timeToDecisionMs, hoverEvents, scrollDepth, alternativeViewsChecked } = judged.inputs
  const isSeen = judged.evidence.isAnchored === true
  return {
    request: {
      ...request,
      human: {
        ...human,
        evidenceGrade: judged.evidence.grade,
        ...(isSeen ? { timeToDecisionMs, hoverEvents, scrollDepth, alternativeViewsChecked } : {}),
      },
    },
    evidence: judged.evidence,
    refusals: judged.refusals,
  }
}

async function record(
  deps: OversightDeps,
  principal: Principal,
  tx: AuditedTx,
  prepared: PreparedDecision,
  before: Known,
): Promise<Mutation<ScoredDecisionReply>> {
  const nowMs = deps.clock.now()
  const model = currentModel
  const id = newId(nowMs)
  const { request, evidence, refusals } = await judge(deps, tx, prepared, id, nowMs)
  const { evaluation, known } = evaluate(deps, request, before)
  const policy = known?.policy ?? defaultPolicy(model.parameters)
  const grounds = known?.grounds ?? null
  const { operatorId, requestId } = prepared
  const about = { operatorId, pool: request.pool }
  const assignee = await assign(tx, policy, evaluation, about, nowMs)
  const life = beginLife(evaluation.route, policy, { ...about, assignee }, nowMs)
  const isWaiting = life.state === 'pending'
  const token = isWaiting ? mintResumeToken(deps.randomBytes) : null
  const stored: StoredDecision = {
    ...life,
    id,
    receivedAtMs: nowMs,
    gateId: (request.pass === 'flat' ? undefined : await findGate(tx, requestId)) ?? id,
    requestId,
    request,
    requestHash: prepared.requestHash,
    aiOutputHash: prepared.aiOutputHash,
    grounds,
    evaluation,
    policyVersion: known?.policyVersion ?? unknownVersion,
    modelVersion: model.version,
    normId: grounds?.norm.id ?? 'unknown',
    settingsVersion: grounds?.settingsVersion ?? unknownVersion,
    warnings: listWarnings(prepared, policy, grounds),
    evidence,
    tier: evaluation.tier,
    queueId: isWaiting ? newId(nowMs) : null,
    receiptId: newReceiptId(nowMs),
  }
  await insertDecision(tx, stored, token === null ? null : digestResumeToken(token))
  await tellRouted(tx, stored, nowMs)
  const receipt = prepareReceipt(principal, stored.receiptId, {
    eventType: 'DECISION_SCORED',
    kind: 'decision',
    model,
    normId: stored.normId,
    settingsVersion: stored.settingsVersion,
    payload: toPayload(stored),
    atMs: nowMs,
  })
  return {
    entry: [receipt.entry, ...refusals],
    conclude: async ([link]) => ({
      request_id: requestId,
      timestamp: new Date(nowMs).toISOString(),
      ...toDecisionMembers(stored, await issueReceipt(tx, receipt, link), nowMs),
      resume_token: token,
    }),
  }
}

async function assign(
  tx: AuditedTx,
  policy: DecisionPolicy,
  { route }: Evaluation,
  about: Pick<StoredDecision, 'operatorId' | 'pool'>,
  nowMs: number,
): Promise<string | null> {
  if (route !== 'async_review' && route !== 'must_review') return null
  const { assignee } = policy
  const reviewers = assignee.rule === 'fewest_open' ? reviewersOf(policy, about.pool ?? assignee.pool) : null
  const open = reviewers === null ? new Map<string, number>() : await countOpen(tx, reviewers, nowMs)
  return chooseAssignee(policy, route, about, open)
}

function listWarnings(
  { request, resumeOf }: PreparedDecision,
  policy: DecisionPolicy,
  grounds: DecisionGrounds | null,
): string[] {
  const isPoolUnknown = request.pool !== null && reviewersOf(policy, request.pool) === null
  return [
    ...(isPoolUnknown ? ['reviewer_pool_unknown'] : []),
    ...(resumeOf !== null && grounds?.resumed == null ? ['resume_of_ignored'] : []),
  ]
}

/** The content that the receipt commits to: everything needed to recompute the score, and the result. */
function toPayload(stored: StoredDecision): { readonly [member: string]: JsonValue } {
  const { paramsHash } = modelOf(stored.modelVersion)
  return {
    resource_type: 'decision',
    resource_id: toDecisionId(stored.id),
    gate_id: toDecisionId(stored.gateId),
    request_id: stored.requestId,
    operator_id: stored.operatorId,
    domain: stored.request.domain,
    request: toJson(stored.request),
    request_hash: stored.requestHash,
    ai_output_hash: stored.aiOutputHash,
    grounds: stored.grounds === null ? null : toJson(stored.grounds),
    evaluation: toJson(stored.evaluation),
    evidence_grade: stored.evidence?.grade ?? null,
    policy_version: stored.policyVersion,
    params_hash: paramsHash,
    state: stored.state,
    expires_at: stored.expiresAtMs === null ? null : new Date(stored.expiresAtMs).toISOString(),
    fallback_route: stored.fallback,
  }
}

function toJson(value: object) {
  // Safe: requests, grounds and evaluations are plain data that the database keeps as JSON.
  return value as unknown as { readonly [member: string]: JsonValue }
}
