import { toCanonicalJson } from '@gatehouse/kernel/audit'
import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import { openCursor, toPage } from '../../../service/paging.ts'
import type { OversightDeps } from '../deps.ts'
import { evaluateDecision } from '../domain/evaluate-decision.ts'
import { modelOf } from '../params-hash.ts'
import { problems } from '../problems.ts'
import {
  type DecisionFilter,
  findDecision,
  listDecisions as listStored,
  listQueue as listWaiting,
  listReviews,
  type QueueFilter,
  type StoredDecision,
} from '../store/decision-store.ts'
import { readReceipts } from './known-scores.ts'
import { readPolicyVersion } from './read-grounds.ts'
import { replyStart } from './reply-start.ts'
import { fromDecisionId, toDecisionId, toListed, toStoredMembers } from './to-decision-reply.ts'

export async function getDecision(
  deps: OversightDeps,
  principal: Principal,
  decisionId: string,
  context: RequestContext,
) {
  return within(deps, principal, async (tx) => ({
    ...replyStart(deps, context),
    ...(await readStored(deps, tx, await requireDecision(tx, decisionId))),
  }))
}

/** A decision with its reviews, each with its receipt. */
export async function readStored(
  { clock }: Pick<OversightDeps, 'clock'>,
  tx: TenantTx,
  stored: StoredDecision,
) {
  const reviews = await listReviews(tx, stored.id)
  const receipts = await readReceipts(tx, [stored.receiptId, ...reviews.map(({ receiptId }) => receiptId)])
  return toStoredMembers(stored, reviews, receipts, clock.now())
}

export async function requireDecision(tx: TenantTx, decisionId: string): Promise<StoredDecision> {
  const id = fromDecisionId(decisionId)
  const stored = id === null ? undefined : await findDecision(tx, id)
  if (stored === undefined) throw problems.NOT_FOUND()
  return stored
}

type Paged = { readonly limit: number; readonly cursor?: string | undefined }

const queueName = 'oversight.decision-queue'
const listName = 'oversight.decisions'

export async function listQueue(
  deps: OversightDeps,
  principal: Principal,
  { limit, cursor, ...filter }: Omit<QueueFilter, 'nowMs'> & Paged,
  context: RequestContext,
) {
  const { orgId } = principal
  const nowMs = deps.clock.now()
  const position = openCursor(deps, queueName, orgId, cursor)
  const after = position === undefined ? undefined : fromPosition(position)
  const rows = await within(deps, principal, (tx) => listWaiting(tx, { ...filter, nowMs }, after, limit + 1))
  const page = toPage(deps, queueName, orgId, rows, limit, ({ expiresAtMs, id }) => `${expiresAtMs}:${id}`)
  return toListReply(deps, page, nowMs, context)
}

function fromPosition(position: string): { readonly expiresAtMs: number; readonly id: string } {
  const [expiresAt = '', id = ''] = position.split(':')
  return { expiresAtMs: Number(expiresAt), id }
}

export async function listDecisions(
  deps: OversightDeps,
  principal: Principal,
  { limit, cursor, ...filter }: Omit<DecisionFilter, 'nowMs'> & Paged,
  context: RequestContext,
) {
  const { orgId } = principal
  const nowMs = deps.clock.now()
  const beforeId = openCursor(deps, listName, orgId, cursor)
  const rows = await within(deps, principal, (tx) =>
    listStored(tx, { ...filter, nowMs }, beforeId, limit + 1),
  )
  return toListReply(
    deps,
    toPage(deps, listName, orgId, rows, limit, ({ id }) => id),
    nowMs,
    context,
  )
}

function toListReply(
  deps: OversightDeps,
  page: { readonly entries: readonly StoredDecision[]; readonly nextCursor: string | null },
  nowMs: number,
  context: RequestContext,
) {
  return {
    ...replyStart(deps, context),
    decisions: page.entries.map((stored) => toListed(stored, nowMs)),
    count: page.entries.length,
    next_cursor: page.nextCursor,
  }
}

/** Recomputes a decision from its request, its grounds and the versions under which it was scored (specification 7). */
export async function replayDecision(
  deps: OversightDeps,
  principal: Principal,
  decisionId: string,
  context: RequestContext,
) {
  return within(deps, principal, async (tx) => {
    const stored = await requireDecision(tx, decisionId)
    const { grounds, request, evaluation, modelVersion, policyVersion } = stored
    if (grounds === null) throw problems.INPUTS_EXPIRED()
    const versioned = await readPolicyVersion(tx, policyVersion, modelVersion)
    if (versioned === undefined) throw problems.INPUTS_EXPIRED()
    const model = modelOf(modelVersion)
    const again = evaluateDecision(request, grounds, versioned.policy, model.parameters)
    return {
      ...replyStart(deps, context),
      ai_decision_log_id: toDecisionId(stored.id),
      telemetry: { request: { ...request }, grounds: { ...grounds } },
      score: { ...evaluation },
      replay: {
        decision_risk_score: again.score,
        routing_decision: again.route,
        identical: toCanonicalJson(again) === toCanonicalJson(evaluation),
      },
      policy_version: policyVersion,
      model_version: model.version,
      params_hash: model.paramsHash,
    }
  })
}
