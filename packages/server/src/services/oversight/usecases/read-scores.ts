import { toCanonicalJson } from '@gatehouse/kernel/audit'
import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { StoredInteractionReply } from '../contract/scoring.ts'
import type { OversightDeps } from '../deps.ts'
import { foldEvents } from '../domain/fold-events.ts'
import type { Interaction } from '../domain/interaction.ts'
import { decayOf } from '../domain/settings.ts'
import { type Shown, toShown } from '../domain/shown.ts'
import { judgeStanding } from '../domain/standing.ts'
import { modelOf } from '../params-hash.ts'
import { oversightPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import {
  findInteractions,
  type LedgerEvent,
  listLedgerEvents,
  listLedgerUpTo,
  listOfSession,
  type StoredInteraction,
} from '../store/interaction-store.ts'
import { findLastPublished } from '../store/operator-store.ts'
import { findNormById, findSettingsVersion } from '../store/rule-store.ts'
import { readReceipts } from './known-scores.ts'
import { noteLook } from './note-look.ts'
import { toLedgerItem } from './open-ledger.ts'
import { dayOf } from './read-interaction.ts'
import { replyStart } from './reply-start.ts'
import { toWireEvidence } from './to-score-reply.ts'

/** The interactions of a session, or the one with that id, as currently counted. */
export async function getScore(
  deps: OversightDeps,
  principal: Principal,
  target: string,
  context: RequestContext,
) {
  const interactions = await within(deps, principal, async (tx) => {
    const found = await listTargets(tx, target)
    if (found.length === 0) throw problems.NOT_FOUND()
    return [...(await toReplies(tx, found))]
  })
  for (const operatorId of new Set(interactions.map((one) => one.operator_id)))
    await noteLook(deps, principal, operatorId)
  return { ...replyStart(deps, context), interactions }
}

export async function listTargets(tx: TenantTx, target: string): Promise<readonly StoredInteraction[]> {
  const id = target.startsWith('int_') ? target.slice('int_'.length) : null
  const one = id === null ? undefined : (await findInteractions(tx, [id])).get(id)
  return one === undefined ? listOfSession(tx, target) : [one]
}

export async function toReplies(
  tx: TenantTx,
  interactions: readonly StoredInteraction[],
): Promise<readonly StoredInteractionReply[]> {
  const events = await listLedgerEvents(
    tx,
    interactions.map(({ id }) => id),
  )
  const latest = new Map(events.map((event) => [event.interactionId, event]))
  const receipts = await readReceipts(
    tx,
    [...latest.values()].map(({ receiptId }) => receiptId),
  )
  return interactions.map((stored) => {
    const event = latest.get(stored.id)
    const receipt = event === undefined ? undefined : receipts.get(event.receiptId)
    if (event === undefined || receipt === undefined)
      throw new Error(`The interaction ${stored.id} has no event or no receipt`)
    const phases = stored.beside?.phases ?? null
    return {
      interaction_id: `int_${stored.id}`,
      session_id: stored.sessionId,
      operator_id: stored.operatorId,
      domain: stored.domain,
      request_id: stored.requestId,
      case_id: stored.caseId,
      label: stored.label,
      inputs: toWireInputs(stored.inputs),
      state: stored.state,
      phases:
        phases === null
          ? null
          : { read_ms: phases.readMs, deliberate_ms: phases.deliberateMs, verify_ms: phases.verifyMs },
      evidence: toWireEvidence(stored.evidence),
      received_at: new Date(stored.receivedAtMs).toISOString(),
      occurred_at: new Date(stored.occurredAtMs).toISOString(),
      shown: event.shown,
      receipt,
    }
  })
}

/**
 * Recomputes an interaction's score: folds the operator's ledger up to it, as of the day of its receipt, under the
 * stored versions (specification 9.3).
 */
export async function replayScore(
  deps: OversightDeps,
  principal: Principal,
  target: string,
  context: RequestContext,
) {
  const { operatorId, reply } = await within(deps, principal, async (tx) => {
    const stored = (await listTargets(tx, target)).at(-1)
    if (stored === undefined) throw problems.NOT_FOUND()
    const events = await listLedgerUpTo(tx, stored.operatorId, stored.domain, stored.ledgerSeq)
    // Events are numbered from 1 without gaps, so a missing one was deleted by retention or erasure.
    if (events.length !== stored.ledgerSeq) throw problems.INPUTS_EXPIRED()
    const event = events.at(-1)
    if (event === undefined) throw problems.INPUTS_EXPIRED()
    const recomputed = await recompute(tx, stored, events, event)
    const model = modelOf(stored.modelVersion)
    return {
      operatorId: stored.operatorId,
      reply: {
        ...replyStart(deps, context),
        interaction_id: `int_${stored.id}`,
        stored: event.shown,
        recomputed,
        identical: toCanonicalJson(event.shown) === toCanonicalJson(recomputed),
        model_version: model.version,
        params_hash: model.paramsHash,
      },
    }
  })
  await noteLook(deps, principal, operatorId)
  return reply
}

async function recompute(
  tx: TenantTx,
  stored: StoredInteraction,
  events: readonly LedgerEvent[],
  event: LedgerEvent,
): Promise<Shown> {
  const interactions = await findInteractions(
    tx,
    events.map(({ interactionId }) => interactionId),
  )
  const items = []
  for (const one of events) {
    const own = interactions.get(one.interactionId)
    if (own === undefined) throw problems.INPUTS_EXPIRED()
    const item = await toLedgerItem(tx, own)
    items.push({
      interactionId: one.interactionId,
      item:
        one.data === null
          ? null
          : {
              ...item,
              interaction: item.readTelemetry(one.data.inputs),
              isClosed: one.data.closed,
              grade: one.data.evidence.grade,
              isByLink: one.data.evidence.attestation?.enrolledBy === 'link',
            },
    })
  }
  const today = Math.max(...events.map(({ atMs }) => dayOf(atMs)))
  const state = { ...foldEvents(items, today), ledgerSeq: event.ledgerSeq }
  const { parameters } = modelOf(stored.modelVersion)
  const settings = await findSettingsVersion(tx, stored.settingsVersion)
  const norm = await findNormById(tx, stored.domain, stored.normId)
  const { from, to } = oversightPolicy.trendDays
  const earlier = await findLastPublished(tx, stored.operatorId, stored.domain, today - to, today - from)
  return toShown(
    judgeStanding(state, earlier, {
      domain: stored.domain,
      prior: norm.prior,
      decay: decayOf(settings, stored.domain, parameters),
      parameters,
    }),
  )
}

/** Converts stored inputs to wire names; fractions have the three decimals with which they are counted. */
export function toWireInputs(inputs: Interaction) {
  const share = (value: number | null): number | null => (value === null ? null : value / 1_000)
  const { initialDecision } = inputs
  return {
    ai_recommendation_presented: inputs.aiRecommendationPresented,
    ai_available: inputs.aiAvailable,
    time_to_decision_ms: inputs.timeToDecisionMs,
    decision: inputs.decision,
    modification_extent: inputs.modificationExtent / 1_000,
    scenario_type: inputs.scenarioType,
    outcome_correct: inputs.outcomeCorrect,
    hover_events: inputs.hoverEvents,
    scroll_depth: share(inputs.scrollDepth),
    alternative_views_checked: inputs.alternativeViewsChecked,
    ai_correct: inputs.aiCorrect,
    operator_confidence: share(inputs.operatorConfidence),
    initial_decision:
      initialDecision === null
        ? null
        : {
            agrees_with_ai: initialDecision.agreesWithAi,
            correct: initialDecision.correct,
            value: initialDecision.values?.value ?? null,
            ai_value: initialDecision.values?.aiValue ?? null,
            final_value: initialDecision.values?.finalValue ?? null,
          },
  }
}
