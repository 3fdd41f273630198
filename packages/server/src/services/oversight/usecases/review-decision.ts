import { type AuditedTx, type Decision, mutate, type Mutation } from '@gatehouse/kernel/audit'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import { isRoleAtLeast, isScopeGranted, type Principal } from '@gatehouse/kernel/principal'
import type { StoredDecisionReply } from '../contract/decision-blocks.ts'
import type { ReviewBody } from '../contract/decisions.ts'
import type { OversightDeps } from '../deps.ts'
import { judgeReview, reviewedAs, type ReviewVerdict } from '../domain/decision-life.ts'
import { toInteraction } from '../domain/evaluate-decision.ts'
import { currentModel } from '../params-hash.ts'
import { oversightPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import {
  insertReview,
  lockDecision,
  setDecisionLife,
  type StoredDecision,
  type StoredReview,
  tellResolved,
} from '../store/decision-store.ts'
import { toFingerprint } from './commit-fingerprint.ts'
import { asserted, judgeEvidence, type JudgedEvidence, noEvidence } from './judge-evidence.ts'
import { raiseDecisionAlert } from './raise-decision-alert.ts'
import { readPolicy } from './read-grounds.ts'
import { readStored } from './read-decisions.ts'
import { judgeClientTime, readInteraction, toContentHash } from './read-interaction.ts'
import { issueReceipt, newReceiptId, type PreparedReceipt, prepareReceipt } from './receipts.ts'
import { type WrittenScores, writeScores } from './record-scores.ts'
import { replyStart } from './reply-start.ts'
import { tellEnded, tellEscalated } from './tell-of-decision.ts'
import { fromDecisionId, toDecisionId, toReviewId, toWireResolution } from './to-decision-reply.ts'

/** Applies a review action. Of two concurrent ones, exactly one resolves the decision (specification 7.1). */
export async function reviewDecision(
  deps: OversightDeps,
  principal: Principal,
  decisionId: string,
  body: ReviewBody,
  context: RequestContext,
): Promise<StoredDecisionReply> {
  assertMayOverride(principal, body)
  const fault = judgeClientTime(
    body.interaction?.client_ts ?? null,
    deps.clock.now(),
    'interaction.client_ts',
  )
  if (fault !== undefined) throw problems.VALIDATION_FAILED({ fields: [fault] })
  const id = fromDecisionId(decisionId)
  if (id === null) throw problems.NOT_FOUND()
  return mutate(deps, principal, (tx) => review(deps, principal, tx, id, body, context))
}

type Reviewer = { readonly id: string; readonly role: string | null }

/** A member reviews under their own name; an API key has to name the reviewer. */
function nameReviewer(principal: Principal, { reviewer_id: named }: ReviewBody): Reviewer {
  const refuse = (message: string): Error =>
    problems.VALIDATION_FAILED({ fields: [{ field: 'reviewer_id', message }] })
  if (principal.kind === 'member') {
    if (named !== null && named !== principal.userId)
      throw refuse('must be left out, or be your own: whoever is signed in reviews as themselves')
    return { id: principal.userId, role: principal.role }
  }
  if (named === null) throw refuse('must name who reviews')
  return { id: named, role: null }
}

function assertMayOverride(principal: Principal, { action }: ReviewBody): void {
  if (action !== 'override') return
  if (principal.kind === 'member' && !isRoleAtLeast(principal.role, 'owner'))
    throw problems.FORBIDDEN_SCOPE({ detail: 'An override needs the role owner' })
  if (principal.kind === 'key' && !isScopeGranted(principal.scopes, 'decisions:override'))
    throw problems.FORBIDDEN_SCOPE({ detail: 'This key lacks the scope decisions:override' })
}

async function review(
  deps: OversightDeps,
  principal: Principal,
  tx: AuditedTx,
  id: string,
  body: ReviewBody,
  context: RequestContext,
): Promise<Mutation<StoredDecisionReply>> {
  // Read after the lock, because a concurrent reviewer may have decided.
  const before = await lockDecision(tx, id)
  if (before === undefined) throw problems.NOT_FOUND()
  const reviewer = nameReviewer(principal, body)
  const nowMs = deps.clock.now()
  const { policy } = await readPolicy(tx, currentModel)
  const verdict = judgeReview(
    before,
    {
      action: body.action,
      reviewerId: reviewer.id,
      assignee: body.assignee,
      reasonCode: body.reason_code,
      editedOutputHash: body.edited_output_hash,
    },
    policy,
    nowMs,
    oversightPolicy.decisions.claimMinutes * 60_000,
  )
  if (!verdict.accepted) throw toProblem(verdict.because, before)
  const after: StoredDecision = { ...before, ...verdict.life }
  await setDecisionLife(tx, id, after)
  const judged = await judgeReviewEvidence(deps, tx, after, reviewer.id, body, nowMs)
  const scored = await scoreReview(deps, principal, tx, after, reviewer.id, { body, judged }, nowMs)
  const taken: StoredReview = {
    id: newId(nowMs),
    decisionId: id,
    atMs: nowMs,
    action: body.action,
    reviewerId: reviewer.id,
    reviewerRole: reviewer.role,
    assignee: body.assignee,
    reasonCode: body.reason_code,
    note: body.note,
    decisionTimeMs: body.decision_time_ms,
    editedOutputHash: body.edited_output_hash,
    evidence: judged?.evidence ?? asserted,
    interactionId: toInteractionId(scored),
    receiptId: newReceiptId(nowMs),
  }
  await insertReview(tx, taken)
  await tell(tx, after, taken, nowMs)
  const receipt = prepareReviewReceipt(principal, after, taken, nowMs)
  const entries: [Decision, ...Decision[]] = [
    receipt.entry,
    ...(scored?.kind === 'written' ? scored.entries : (judged?.refusals ?? [])),
  ]
  return {
    entry: entries,
    conclude: async ([own, score]) => {
      await issueReceipt(tx, receipt, own)
      if (scored?.kind === 'written') await scored.conclude(score)
      return { ...replyStart(deps, context), ...(await readStored(deps, tx, after)) }
    },
  }
}

function toProblem(
  because: Extract<ReviewVerdict, { accepted: false }>['because'],
  { pool, state }: StoredDecision,
): Error {
  switch (because) {
    case 'already_resolved':
      return problems.ALREADY_RESOLVED({
        detail:
          state === 'blocked'
            ? 'The decision is blocked: only an override changes that'
            : 'The decision does not wait for a reviewer any more, or never did',
      })
    case 'already_claimed':
      return problems.ALREADY_CLAIMED({ detail: 'Another reviewer holds this decision for now' })
    case 'reviewer_is_operator':
      return problems.REVIEWER_IS_OPERATOR({
        fields: [
          { field: 'reviewer_id', message: 'must be somebody else than the operator of this decision' },
        ],
      })
    case 'not_in_pool':
      return problems.VALIDATION_FAILED({
        fields: [{ field: 'reviewer_id', message: `must be one of the reviewers of the pool ${pool}` }],
      })
  }
}

/** The evidence of a review. Only actions that decide can be attested, and a review has no modification extent. */
async function judgeReviewEvidence(
  deps: OversightDeps,
  tx: AuditedTx,
  { id, request }: StoredDecision,
  reviewerId: string,
  { action, interaction, attestation }: ReviewBody,
  nowMs: number,
): Promise<JudgedEvidence | null> {
  if (action !== 'approve' && action !== 'modify' && action !== 'reject') return null
  const about = {
    operatorId: reviewerId,
    sessionId: toDecisionId(id),
    domain: request.domain,
    usedBy: toDecisionId(id),
  }
  const claimed = { behavioral: interaction?.behavioral_attestation ?? null, attestation }
  const decision = reviewedAs[action]
  const inputs =
    interaction === null
      ? toInteraction({ ...unmeasured, decision })
      : { ...readInteraction({ ...interaction, decision }, nowMs).interaction, modificationExtent: 0 }
  return judgeEvidence(deps, tx, about, claimed, inputs, nowMs)
}

const unmeasured = {
  modificationExtent: 0,
  timeToDecisionMs: null,
  hoverEvents: null,
  scrollDepth: null,
  alternativeViewsChecked: null,
  evidenceGrade: 'asserted',
} as const

/** Records the review as a decision of the reviewer, scored by the same rules. */
async function scoreReview(
  deps: OversightDeps,
  principal: Principal,
  tx: AuditedTx,
  decision: StoredDecision,
  reviewerId: string,
  { body, judged }: { readonly body: ReviewBody; readonly judged: JudgedEvidence | null },
  nowMs: number,
): Promise<WrittenScores | null> {
  const { action, interaction } = body
  if (interaction === null || (action !== 'approve' && action !== 'modify' && action !== 'reject'))
    return null
  const own = { ...interaction, decision: reviewedAs[action] }
  const { domain } = decision.request
  const contentHash = toContentHash(reviewerId, domain, own)
  const read = readInteraction(own, nowMs)
  return writeScores(
    deps,
    tx,
    principal,
    {
      operatorId: reviewerId,
      domain,
      source: 'review',
      scores: [
        {
          ...read,
          sessionId: toDecisionId(decision.id),
          name: `c:${contentHash}`,
          contentHash,
          requestId: null,
          caseId: null,
          label: null,
          // A review is final.
          commitFingerprint: toFingerprint({
            decision: own.decision,
            modification_extent: own.modification_extent,
            hover_events: own.hover_events,
            scroll_depth: own.scroll_depth,
            alternative_views_checked: own.alternative_views_checked,
            outcome_correct: own.outcome_correct,
          }),
          evidence: noEvidence,
          ...(judged === null
            ? {}
            : {
                judged: {
                  ...judged,
                  inputs: {
                    ...judged.inputs,
                    modificationExtent: read.interaction.modificationExtent,
                  },
                },
              }),
        },
      ],
    },
    nowMs,
  )
}

function toInteractionId(scored: WrittenScores | null): string | null {
  const [result] = scored?.results ?? []
  if (result === undefined) return null
  return result.kind === 'known' ? result.interactionId : result.stored.id
}

async function tell(
  tx: AuditedTx,
  after: StoredDecision,
  { action }: StoredReview,
  nowMs: number,
): Promise<void> {
  if (action === 'escalate') await tellEscalated(tx, after, nowMs)
  if (action === 'override') await raiseDecisionAlert(tx, 'decision_overridden', after, nowMs)
  if (after.resolution === null) return
  await tellEnded(tx, after, nowMs)
  await tellResolved(tx, after.id)
}

function prepareReviewReceipt(
  principal: Principal,
  after: StoredDecision,
  taken: StoredReview,
  nowMs: number,
): PreparedReceipt {
  return prepareReceipt(principal, taken.receiptId, {
    eventType: after.resolution === null ? 'DECISION_REVIEWED' : 'DECISION_RESOLVED',
    kind: 'review',
    model: currentModel,
    normId: after.normId,
    settingsVersion: after.settingsVersion,
    payload: {
      resource_type: 'decision',
      resource_id: toDecisionId(after.id),
      review_id: toReviewId(taken.id),
      action: taken.action,
      reviewer_id: taken.reviewerId,
      reviewer_role: taken.reviewerRole,
      assignee: taken.assignee,
      reason_code: taken.reasonCode,
      note: taken.note,
      decision_time_ms: taken.decisionTimeMs,
      edited_output_hash: taken.editedOutputHash,
      evidence_grade: taken.evidence.grade,
      interaction_id: taken.interactionId === null ? null : `int_${taken.interactionId}`,
      state: after.state,
      route: after.route,
      expires_at: after.expiresAtMs === null ? null : new Date(after.expiresAtMs).toISOString(),
      resolution: after.resolution === null ? null : { ...toWireResolution(after.resolution) },
    },
    atMs: nowMs,
  })
}
