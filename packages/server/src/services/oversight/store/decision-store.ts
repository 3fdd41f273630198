import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TelemetryTx, type TenantTx, type WriterTx } from '@gatehouse/kernel/db'
import { type Selectable, sql } from 'kysely'
import type { DecisionLife, DecisionState } from '../domain/decision-life.ts'
import type { DecisionGrounds, DecisionRequest, Evaluation, RiskTier } from '../domain/evaluate-decision.ts'
import type { Domain } from '../domain/interaction.ts'
import type { Route } from '../domain/route.ts'
import type { DecisionRow, DecisionTables, ReviewRow } from './decision-tables.ts'
import type { StoredEvidence } from './tables.ts'

export type StoredDecision = DecisionLife & {
  readonly id: string
  readonly receivedAtMs: number
  readonly gateId: string
  readonly requestId: string
  readonly request: DecisionRequest
  readonly requestHash: string
  readonly aiOutputHash: string | null
  /** Null if the engine failed or the operator's record was erased. */
  readonly grounds: DecisionGrounds | null
  readonly evaluation: Evaluation
  readonly policyVersion: number
  readonly modelVersion: string
  readonly normId: string
  readonly settingsVersion: number
  readonly warnings: readonly string[]
  readonly evidence: StoredEvidence | null
  readonly tier: RiskTier
  readonly queueId: string | null
  readonly receiptId: string
}

export async function insertDecision(
  tx: AuditedTx,
  one: StoredDecision,
  tokenDigest: Buffer | null,
): Promise<void> {
  await query<DecisionTables>(tx)
    .insertInto('oversight.decision')
    .values({
      org_id: tx.orgId,
      id: one.id,
      received_at: new Date(one.receivedAtMs),
      gate_id: one.gateId,
      request_id: one.requestId,
      domain: one.request.domain,
      pass: one.request.pass,
      request: JSON.stringify(one.request),
      request_hash: one.requestHash,
      ai_output_hash: one.aiOutputHash,
      grounds: one.grounds === null ? null : JSON.stringify(one.grounds),
      evaluation: JSON.stringify(one.evaluation),
      policy_version: one.policyVersion,
      model_version: one.modelVersion,
      norm_id: one.normId,
      settings_version: one.settingsVersion,
      warnings: [...one.warnings],
      evidence: one.evidence === null ? null : JSON.stringify(one.evidence),
      queue_id: one.queueId,
      token_digest: tokenDigest,
      first_resumed_at: null,
      receipt_id: one.receiptId,
      operator_id: one.operatorId,
      pool: one.pool,
      ...toLifeColumns(one),
    })
    .execute()
}

/** Writes the state after a review or an expiry. */
export async function setDecisionLife(
  tx: AuditedTx,
  id: string,
  life: DecisionLife & { readonly tier: RiskTier },
): Promise<void> {
  await query<DecisionTables>(tx)
    .updateTable('oversight.decision')
    .set(toLifeColumns(life))
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .execute()
}

export async function findDecision(tx: TenantTx, id: string): Promise<StoredDecision | undefined> {
  const row = await decisions(tx).where('id', '=', id).executeTakeFirst()
  return row && toDecision(row)
}

/** Locks the row, so that a concurrent reviewer sees the state after the first one's decision. */
export async function lockDecision(tx: AuditedTx, id: string): Promise<StoredDecision | undefined> {
  const row = await decisions(tx).where('id', '=', id).forUpdate().executeTakeFirst()
  return row && toDecision(row)
}

/** The oldest decision with a request id. */
export async function findGate(tx: TenantTx, requestId: string): Promise<string | undefined> {
  const row = await query<DecisionTables>(tx)
    .selectFrom('oversight.decision')
    .select('gate_id')
    .where('org_id', '=', tx.orgId)
    .where('request_id', '=', requestId)
    .where('pass', '!=', 'flat')
    .orderBy('id')
    .executeTakeFirst()
  return row?.gate_id
}

/** The newest score of each pass of a gate request. */
export async function listGateScores(
  tx: TenantTx,
  gateId: string,
): Promise<ReadonlyMap<DecisionRequest['pass'], number>> {
  const rows = await query<DecisionTables>(tx)
    .selectFrom('oversight.decision')
    .select(['pass', 'evaluation'])
    .where('org_id', '=', tx.orgId)
    .where('gate_id', '=', gateId)
    .orderBy('id')
    .execute()
  return new Map(rows.map(({ pass, evaluation }) => [pass, evaluation.score]))
}

/** The number of waiting decisions of each reviewer. */
export async function countOpen(
  tx: TenantTx,
  reviewerIds: readonly string[],
  nowMs: number,
): Promise<ReadonlyMap<string, number>> {
  const rows = await query<DecisionTables>(tx)
    .selectFrom('oversight.decision')
    .select(['assignee', sql<string>`count(*)`.as('open')])
    .where('org_id', '=', tx.orgId)
    .where('state', '=', 'pending')
    .where('assignee', 'in', [...reviewerIds])
    .where('expires_at', '>', new Date(nowMs))
    .where((where) =>
      where.or([where('claimed_until', 'is', null), where('claimed_until', '>', new Date(nowMs))]),
    )
    .groupBy('assignee')
    .execute()
  return new Map(rows.flatMap(({ assignee, open }) => (assignee === null ? [] : [[assignee, Number(open)]])))
}

export type QueueFilter = {
  readonly status: 'pending' | 'resolved' | 'expired' | 'all'
  readonly tier?: RiskTier | undefined
  readonly domain?: Domain | undefined
  readonly assignee?: string | undefined
  readonly pool?: string | undefined
  readonly nowMs: number
}

/** Decisions that were held for review, soonest expiry first. */
export async function listQueue(
  tx: TenantTx,
  filter: QueueFilter,
  after: { readonly expiresAtMs: number; readonly id: string } | undefined,
  limit: number,
): Promise<readonly StoredDecision[]> {
  const now = new Date(filter.nowMs)
  let rows = decisions(tx).where('queue_id', 'is not', null)
  if (filter.status === 'pending') rows = rows.where('state', '=', 'pending').where('expires_at', '>', now)
  if (filter.status === 'resolved') rows = rows.where('state', '=', 'resolved')
  // A decision past its deadline counts as expired, even if its expiry is not written yet.
  if (filter.status === 'expired')
    rows = rows.where((where) =>
      where.or([
        where('state', '=', 'expired'),
        where.and([where('state', '=', 'pending'), where('expires_at', '<=', now)]),
      ]),
    )
  if (filter.tier !== undefined) rows = rows.where('tier', '=', filter.tier)
  if (filter.domain !== undefined) rows = rows.where('domain', '=', filter.domain)
  if (filter.pool !== undefined) rows = rows.where('pool', '=', filter.pool)
  if (filter.assignee !== undefined)
    rows = rows
      .where('assignee', '=', filter.assignee)
      .where((where) => where.or([where('claimed_until', 'is', null), where('claimed_until', '>', now)]))
  if (after !== undefined)
    rows = rows.where(sql<boolean>`(expires_at, id) > (${new Date(after.expiresAtMs)}, ${after.id})`)
  const found = await rows.orderBy('expires_at').orderBy('id').limit(limit).execute()
  return found.map(toDecision)
}

export type DecisionFilter = {
  readonly route?: Route | undefined
  readonly state?: DecisionState | undefined
  readonly operatorId?: string | undefined
  readonly sinceMs?: number | undefined
  readonly untilMs?: number | undefined
  readonly nowMs: number
}

/** All decisions, newest first. */
export async function listDecisions(
  tx: TenantTx,
  filter: DecisionFilter,
  beforeId: string | undefined,
  limit: number,
): Promise<readonly StoredDecision[]> {
  const { route, state, operatorId, sinceMs, untilMs } = filter
  const now = new Date(filter.nowMs)
  let rows = decisions(tx)
  if (route !== undefined) rows = rows.where('route', '=', route)
  if (state === 'pending') rows = rows.where('state', '=', 'pending').where('expires_at', '>', now)
  else if (state === 'expired')
    rows = rows.where((where) =>
      where.or([
        where('state', '=', 'expired'),
        where.and([where('state', '=', 'pending'), where('expires_at', '<=', now)]),
      ]),
    )
  else if (state !== undefined) rows = rows.where('state', '=', state)
  if (operatorId !== undefined) rows = rows.where('operator_id', '=', operatorId)
  if (sinceMs !== undefined) rows = rows.where('received_at', '>=', new Date(sinceMs))
  if (untilMs !== undefined) rows = rows.where('received_at', '<', new Date(untilMs))
  if (beforeId !== undefined) rows = rows.where('id', '<', beforeId)
  const found = await rows.orderBy('id', 'desc').limit(limit).execute()
  return found.map(toDecision)
}

/** The decision that a resume token belongs to. */
export async function findDecisionOfToken(
  tx: GateTx,
  digest: Buffer,
): Promise<{ readonly orgId: string; readonly id: string } | undefined> {
  const row = await query<DecisionTables>(tx)
    .selectFrom('oversight.decision')
    .select(['org_id', 'id'])
    .where('token_digest', '=', digest)
    .executeTakeFirst()
  return row && { orgId: row.org_id, id: row.id }
}

/** Marks the decision's resolution as consumed; returns whether this was the first time. */
export async function claimFirstResume(tx: TelemetryTx, id: string, nowMs: number): Promise<boolean> {
  const claimed = await query<DecisionTables>(tx)
    .updateTable('oversight.decision')
    .set({ first_resumed_at: new Date(nowMs) })
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .where('first_resumed_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return claimed !== undefined
}

/** Pending decisions of all organisations that are past their deadline, most overdue first. */
export async function listDue(
  tx: WriterTx,
  nowMs: number,
  limit: number,
): Promise<readonly { readonly orgId: string; readonly id: string }[]> {
  const rows = await query<DecisionTables>(tx)
    .selectFrom('oversight.decision')
    .select(['org_id', 'id'])
    .where('state', '=', 'pending')
    .where('expires_at', '<=', new Date(nowMs))
    .orderBy('expires_at')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ orgId: row.org_id, id: row.id }))
}

/** Notifies all nodes, when the transaction commits, that a decision is no longer pending. */
export async function tellResolved(tx: AuditedTx, id: string): Promise<void> {
  await sql`SELECT gatehouse.invalidate(${newsOf(id)})`.execute(query(tx))
}

/** The notification subject for a decision. */
export function newsOf(id: string): string {
  return `decision:${id}`
}

export type StoredReview = {
  readonly id: string
  readonly decisionId: string
  readonly atMs: number
  readonly action: ReviewRow['action']
  readonly reviewerId: string
  /** The role of a member; null if an API key named the reviewer. */
  readonly reviewerRole: string | null
  readonly assignee: string | null
  readonly reasonCode: string | null
  readonly note: string | null
  readonly decisionTimeMs: number | null
  readonly editedOutputHash: string | null
  readonly evidence: StoredEvidence
  readonly interactionId: string | null
  readonly receiptId: string
}

export async function insertReview(tx: AuditedTx, review: StoredReview): Promise<void> {
  await query<DecisionTables>(tx)
    .insertInto('oversight.decision_review')
    .values({
      org_id: tx.orgId,
      id: review.id,
      decision_id: review.decisionId,
      at: new Date(review.atMs),
      action: review.action,
      reviewer_id: review.reviewerId,
      reviewer_role: review.reviewerRole,
      assignee: review.assignee,
      reason_code: review.reasonCode,
      note: review.note,
      decision_time_ms: review.decisionTimeMs,
      edited_output_hash: review.editedOutputHash,
      evidence: JSON.stringify(review.evidence),
      interaction_id: review.interactionId,
      receipt_id: review.receiptId,
    })
    .execute()
}

/** The review actions on a decision, in order. */
export async function listReviews(tx: TenantTx, decisionId: string): Promise<readonly StoredReview[]> {
  const rows = await query<DecisionTables>(tx)
    .selectFrom('oversight.decision_review')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('decision_id', '=', decisionId)
    .orderBy('at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    decisionId: row.decision_id,
    atMs: row.at.getTime(),
    action: row.action,
    reviewerId: row.reviewer_id,
    reviewerRole: row.reviewer_role,
    assignee: row.assignee,
    reasonCode: row.reason_code,
    note: row.note,
    decisionTimeMs: row.decision_time_ms,
    editedOutputHash: row.edited_output_hash,
    evidence: row.evidence,
    interactionId: row.interaction_id,
    receiptId: row.receipt_id,
  }))
}

function decisions(tx: TenantTx) {
  return query<DecisionTables>(tx).selectFrom('oversight.decision').selectAll().where('org_id', '=', tx.orgId)
}

function toLifeColumns(life: DecisionLife & { readonly tier: RiskTier }) {
  return {
    route: life.route,
    tier: life.tier,
    state: life.state,
    assignee: life.assignee,
    claimed_until: toDate(life.claimedUntilMs),
    expires_at: toDate(life.expiresAtMs),
    fallback_route: life.fallback,
    resolution: life.resolution === null ? null : JSON.stringify(life.resolution),
  }
}

function toDate(atMs: number | null): Date | null {
  return atMs === null ? null : new Date(atMs)
}

function toDecision(row: Selectable<DecisionRow>): StoredDecision {
  return {
    id: row.id,
    receivedAtMs: row.received_at.getTime(),
    gateId: row.gate_id,
    requestId: row.request_id,
    operatorId: row.operator_id,
    request: row.request,
    requestHash: row.request_hash,
    aiOutputHash: row.ai_output_hash,
    grounds: row.grounds,
    evaluation: row.evaluation,
    policyVersion: row.policy_version,
    modelVersion: row.model_version,
    normId: row.norm_id,
    settingsVersion: row.settings_version,
    warnings: row.warnings,
    evidence: row.evidence,
    tier: row.tier,
    queueId: row.queue_id,
    receiptId: row.receipt_id,
    state: row.state,
    route: row.route,
    pool: row.pool,
    assignee: row.assignee,
    claimedUntilMs: row.claimed_until?.getTime() ?? null,
    expiresAtMs: row.expires_at?.getTime() ?? null,
    fallback: row.fallback_route,
    resolution: row.resolution,
  }
}
