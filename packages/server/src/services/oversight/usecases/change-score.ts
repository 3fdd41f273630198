import { type AuditedTx, type Decision, mutate, type Mutation } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { ScoreReply } from '../contract/blocks.ts'
import type { CommitBody, OutcomeBody } from '../contract/scoring.ts'
import type { OversightDeps } from '../deps.ts'
import { type Interaction, isCounted, isPlaceholderButForTime } from '../domain/interaction.ts'
import { recordChange } from '../domain/ledger.ts'
import { permille } from '../domain/rounding.ts'
import { decayOf } from '../domain/settings.ts'
import { toShown } from '../domain/shown.ts'
import { problems } from '../problems.ts'
import {
  findInteractions,
  insertLedgerEvents,
  listLedgerEvents,
  listOfSession,
  setInteraction,
  type StoredInteraction,
} from '../store/interaction-store.ts'
import { assertModel } from './assert-model.ts'
import { fingerprintOfCommit, toFingerprint } from './commit-fingerprint.ts'
import { judgeEvidence, keepEvidence } from './judge-evidence.ts'
import { readReceipts, toKnown } from './known-scores.ts'
import { closeLedgers, openLedger, toLedgerItem } from './open-ledger.ts'
import { toPermille } from './read-interaction.ts'
import { issueReceipt, newReceiptId, prepareReceipt } from './receipts.ts'
import { toReceiptItem } from './record-scores.ts'
import { replyStart } from './reply-start.ts'
import { tellScore } from './tell-score.ts'
import { isOlderClient, type ScoredInteraction, toScoredReply } from './to-score-reply.ts'

/** The effect of an event on an interaction; null if it repeats what was reported already. */
type Changed = {
  readonly stored: StoredInteraction
  readonly warnings: readonly string[]
  readonly refusals: readonly Decision[]
} | null

type Change = {
  readonly kind: 'commit' | 'outcome'
  readonly eventType: 'SCORE_COMMITTED' | 'OUTCOME_REPORTED'
  /** Selects the interaction of the session that the event is about. */
  readonly choose: (candidates: readonly StoredInteraction[]) => StoredInteraction | undefined
  /** Throws if the event contradicts an earlier one. */
  readonly apply: (tx: AuditedTx, before: StoredInteraction, nowMs: number) => Changed | Promise<Changed>
}

/** Records the final decision (wire 3.4). The first commit is final; repeating it returns the same reply. */
export async function commitScore(
  deps: OversightDeps,
  principal: Principal,
  target: string,
  body: CommitBody,
  context: RequestContext,
): Promise<ScoreReply> {
  const fingerprint = fingerprintOfCommit(body)
  const requestId = context.header('x-request-id')
  return changeScore(deps, principal, target, context, {
    kind: 'commit',
    eventType: 'SCORE_COMMITTED',
    choose: (candidates) =>
      candidates.find((one) => one.requestId !== null && one.requestId === requestId) ??
      candidates.find(({ state }) => state === 'open') ??
      candidates[0],
    apply: async (tx, before, nowMs) => {
      if (before.commitFingerprint === fingerprint) return null
      if (before.state !== 'open')
        throw problems.ALREADY_COMMITTED({ detail: 'Another decision was committed for this interaction' })
      const { inputs, warnings, timeSource } = commitInputs(before, body, nowMs)
      const about = { ...before, usedBy: `int_${before.id}` }
      const claimed = { behavioral: body.behavioral_attestation, attestation: body.attestation }
      const own = await judgeEvidence(deps, tx, about, claimed, inputs, nowMs)
      const judged = keepEvidence(before, inputs, timeSource, own)
      return {
        stored: {
          ...before,
          inputs: judged.inputs,
          state: 'committed',
          commitFingerprint: fingerprint,
          evidence: judged.evidence,
        },
        warnings,
        refusals: own.refusals,
      }
    },
  })
}

/** Records a decision's outcome, and closes an open decision: an outcome implies that the decision was made. */
export async function reportOutcome(
  deps: OversightDeps,
  principal: Principal,
  target: string,
  { outcome_correct: outcomeCorrect, ai_correct: aiCorrect }: OutcomeBody,
  context: RequestContext,
): Promise<ScoreReply> {
  return changeScore(deps, principal, target, context, {
    kind: 'outcome',
    eventType: 'OUTCOME_REPORTED',
    choose: (candidates) => candidates.find(({ inputs }) => inputs.outcomeCorrect === null) ?? candidates[0],
    apply: (_tx, before) => {
      const { inputs, state } = before
      const isSame = aiCorrect === null || aiCorrect === inputs.aiCorrect
      if (inputs.outcomeCorrect !== null) {
        if (inputs.outcomeCorrect === outcomeCorrect && isSame) return null
        throw problems.OUTCOME_ALREADY_REPORTED({
          detail: 'Another outcome was reported for this interaction',
        })
      }
      if (!isCounted(inputs, state !== 'open'))
        throw problems.DECISION_STILL_OPEN({ detail: 'Commit the decision first: nothing was decided yet' })
      assertConsistent(inputs, outcomeCorrect, aiCorrect)
      const known: Interaction = { ...inputs, outcomeCorrect, aiCorrect: aiCorrect ?? inputs.aiCorrect }
      return {
        stored: {
          ...before,
          inputs: known,
          state: 'committed',
          commitFingerprint: before.commitFingerprint ?? fingerprintOfStored(known),
        },
        warnings: [],
        refusals: [],
      }
    },
  })
}

/** Thrown to roll back a transaction that has nothing to write. */
class SaidAlready extends Error {
  readonly interactionId: string

  constructor(interactionId: string) {
    super('The same was said already')
    this.interactionId = interactionId
  }
}

async function changeScore(
  deps: OversightDeps,
  principal: Principal,
  target: string,
  context: RequestContext,
  change: Change,
): Promise<ScoreReply> {
  assertModel(deps)
  const chosen = await within(deps, principal, async (tx) =>
    change.choose((await candidatesOf(tx, target)).toReversed().filter(({ state }) => state !== 'excluded')),
  )
  if (chosen === undefined) throw problems.NOT_FOUND()
  try {
    return await mutate(deps, principal, (tx) => writeChange(deps, principal, tx, chosen, context, change))
  } catch (error) {
    if (error instanceof SaidAlready)
      return answerAgain(deps, principal, error.interactionId, context, change)
    throw error
  }
}

/** The interaction with that id, or all of the session with that id, oldest first. */
async function candidatesOf(
  tx: Parameters<typeof listOfSession>[0],
  target: string,
): Promise<readonly StoredInteraction[]> {
  if (!target.startsWith('int_')) return listOfSession(tx, target)
  const id = target.slice('int_'.length)
  const one = (await findInteractions(tx, [id])).get(id)
  return one === undefined ? listOfSession(tx, target) : [one]
}

async function writeChange(
  deps: OversightDeps,
  principal: Principal,
  tx: AuditedTx,
  chosen: StoredInteraction,
  context: RequestContext,
  change: Change,
): Promise<Mutation<ScoreReply>> {
  const ledger = await openLedger(tx, chosen, deps.clock.now())
  // Read after the lock, because a concurrent transaction may have decided it.
  const before = (await findInteractions(tx, [chosen.id])).get(chosen.id)
  if (before === undefined) throw problems.NOT_FOUND()
  const changed = await change.apply(tx, before, ledger.receivedAtMs)
  if (changed === null) throw new SaidAlready(before.id)
  const itemBefore = await toLedgerItem(tx, before)
  const step = recordChange(ledger.state(), itemBefore, {
    ...itemBefore,
    interaction: itemBefore.readTelemetry(changed.stored.inputs),
    isClosed: true,
    grade: changed.stored.evidence.grade,
    isByLink: changed.stored.evidence.attestation?.enrolledBy === 'link',
  })
  const standing = ledger.take(step)
  const shown = toShown(standing)
  const stored: StoredInteraction = { ...changed.stored, isPostError: step.isPostError }
  const receiptId = newReceiptId(ledger.receivedAtMs)
  await setInteraction(tx, stored)
  await insertLedgerEvents(tx, [
    {
      operatorId: stored.operatorId,
      domain: stored.domain,
      ledgerSeq: step.state.ledgerSeq,
      kind: change.kind,
      interactionId: stored.id,
      data: { inputs: stored.inputs, evidence: stored.evidence, closed: true },
      day: stored.day,
      shown,
      receiptId,
      atMs: ledger.receivedAtMs,
    },
  ])
  await closeLedgers(tx, [ledger])
  const { settings, version } = ledger.versioned
  const { model, norm, operator } = ledger
  const prepared = prepareReceipt(principal, receiptId, {
    eventType: change.eventType,
    kind: change.kind,
    model,
    normId: norm.id,
    settingsVersion: version,
    payload: {
      resource_type: 'interaction',
      resource_id: `int_${stored.id}`,
      ...toReceiptItem({ ...stored, ledgerSeq: step.state.ledgerSeq }, shown),
    },
    atMs: ledger.receivedAtMs,
  })
  const toReply = (estimate: ScoredInteraction['estimate'], hasOlderUrgency: boolean) =>
    toScoredReply(
      {
        sessionId: stored.sessionId,
        operatorId: stored.operatorId,
        domain: stored.domain,
        interactionId: stored.id,
        state: 'committed',
        outcomeKnown: stored.inputs.outcomeCorrect !== null,
        duplicate: false,
        shown,
        estimate,
        decay: decayOf(settings, stored.domain, model.parameters),
        evidence: stored.evidence,
        roleClass: operator.roleClass,
        model,
        warnings: changed.warnings,
      },
      { mode: 'full', hasOlderUrgency },
    )
  return {
    entry: [prepared.entry, ...changed.refusals],
    conclude: async ([link]) => {
      const rest = {
        ...replyStart(deps, context),
        cognition_probes: null,
        commit_fingerprint: stored.commitFingerprint ?? '',
        receipt: await issueReceipt(tx, prepared, link),
      }
      if (change.kind === 'commit')
        await tellScore(tx, { ...rest, ...toReply(null, false) }, settings, ledger.receivedAtMs)
      const estimate = settings.earlyEstimates ? standing.estimate : null
      return { ...rest, ...toReply(estimate, isOlderClient(context.userAgent)) }
    },
  }
}

/** Reconstructs the first reply to the same commit or outcome. */
async function answerAgain(
  deps: OversightDeps,
  principal: Principal,
  interactionId: string,
  context: RequestContext,
  { kind }: Change,
): Promise<ScoreReply> {
  return within(deps, principal, async (tx) => {
    const stored = (await findInteractions(tx, [interactionId])).get(interactionId)
    const events = await listLedgerEvents(tx, [interactionId])
    // If the score itself carried the values, its reply is the one to repeat.
    const event = events.findLast((one) => one.kind === kind) ?? events.find((one) => one.kind === 'score')
    if (stored === undefined || event === undefined) throw problems.NOT_FOUND()
    const { scored } = await toKnown(tx, stored, event)
    const receipt = (await readReceipts(tx, [event.receiptId])).get(event.receiptId)
    if (receipt === undefined) throw new Error(`The receipt ${event.receiptId} has no place in the chain`)
    return {
      ...replyStart(deps, context),
      ...toScoredReply(scored, { mode: 'full', hasOlderUrgency: isOlderClient(context.userAgent) }),
      cognition_probes: null,
      ...(stored.commitFingerprint === null ? {} : { commit_fingerprint: stored.commitFingerprint }),
      receipt,
    }
  })
}

/** The six members of the commit replace those of the score; other members are kept unless the commit sends them. */
function commitInputs(
  before: StoredInteraction,
  body: CommitBody,
  nowMs: number,
): {
  readonly inputs: Interaction
  readonly warnings: readonly string[]
  readonly timeSource: 'client' | 'server'
} {
  const { inputs } = before
  const initial = body.initial_decision
  const isMeasuredHere =
    body.time_to_decision_ms === null && isPlaceholderButForTime(inputs) && before.state === 'open'
  const known = inputs.outcomeCorrect
  const keeps = known !== null && body.outcome_correct === null
  return {
    inputs: {
      ...inputs,
      decision: body.decision,
      modificationExtent: permille(body.modification_extent ?? 0),
      hoverEvents: body.hover_events,
      scrollDepth: toPermille(body.scroll_depth),
      alternativeViewsChecked: body.alternative_views_checked,
      outcomeCorrect: keeps ? known : body.outcome_correct,
      timeToDecisionMs: isMeasuredHere
        ? Math.max(0, Math.min(86_400_000, nowMs - before.receivedAtMs))
        : (body.time_to_decision_ms ?? inputs.timeToDecisionMs),
      aiCorrect: body.ai_correct ?? inputs.aiCorrect,
      operatorConfidence: toPermille(body.operator_confidence) ?? inputs.operatorConfidence,
      initialDecision:
        initial === null
          ? inputs.initialDecision
          : {
              agreesWithAi: initial.agrees_with_ai,
              correct: initial.correct,
              values:
                initial.value === null || initial.ai_value === null || initial.final_value === null
                  ? null
                  : { value: initial.value, aiValue: initial.ai_value, finalValue: initial.final_value },
            },
    },
    warnings: isMeasuredHere ? ['time_measured_here'] : [],
    timeSource: isMeasuredHere ? 'server' : before.evidence.timeSource,
  }
}

function fingerprintOfStored(inputs: Interaction): string {
  return toFingerprint({
    decision: inputs.decision,
    modification_extent: inputs.modificationExtent / 1_000,
    hover_events: inputs.hoverEvents,
    scroll_depth: inputs.scrollDepth === null ? null : inputs.scrollDepth / 1_000,
    alternative_views_checked: inputs.alternativeViewsChecked,
    outcome_correct: inputs.outcomeCorrect,
  })
}

/** Reported values must be consistent with stored ones, as within one body. */
export function assertConsistent(
  inputs: Interaction,
  outcomeCorrect: boolean,
  aiCorrect: boolean | null,
): void {
  const fault = (a: string, message: string): Error =>
    problems.VALIDATION_FAILED({ fields: [{ field: a, message }] })
  const ai = aiCorrect ?? inputs.aiCorrect
  if (inputs.scenarioType === 'trap' && aiCorrect === true)
    throw fault('ai_correct', 'contradicts scenario_type, which is trap')
  if (inputs.decision === 'accepted' && ai !== null && outcomeCorrect !== ai)
    throw fault('outcome_correct', 'contradicts ai_correct of an accepted decision')
}
