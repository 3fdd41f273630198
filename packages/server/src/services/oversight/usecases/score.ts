import { sha256Hex, toCanonicalJson } from '@gatehouse/kernel/audit'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { BatchReply, BatchResult, Receipt, ScoreReply } from '../contract/blocks.ts'
import type { BatchItem } from '../contract/interaction-shape.ts'
import type { BatchBody, ScoreBody } from '../contract/scoring.ts'
import type { OversightDeps } from '../deps.ts'
import { toNaturalUnits } from '../domain/counters.ts'
import { isCounted } from '../domain/interaction.ts'
import { toProbes } from '../domain/probes.ts'
import type { ReplyMode } from '../domain/score-blocks.ts'
import { decayOf } from '../domain/settings.ts'
import { problems } from '../problems.ts'
import { correlate } from './correlate.ts'
import { noEvidence } from './judge-evidence.ts'
import { readKnown } from './known-scores.ts'
import { judgeClientTime, readInteraction, toContentHash } from './read-interaction.ts'
import { type NewScore, type Recorded, type RecordedScores, recordScores } from './record-scores.ts'
import type { RecordScores } from './score-groups.ts'
import { isOlderClient, type ReplyStyle, type ScoredInteraction, toScoredReply } from './to-score-reply.ts'
import { toFingerprint } from './commit-fingerprint.ts'
import { replyStart } from './reply-start.ts'
import { tellScore } from './tell-score.ts'

export async function scoreInteraction(
  deps: OversightDeps,
  principal: Principal,
  body: ScoreBody,
  mode: ReplyMode,
  context: RequestContext,
  /** Single scores are recorded alone unless a grouping `record` is passed. */
  record: RecordScores = (by, request) => recordScores(deps, by, request),
): Promise<ScoreReply> {
  const nowMs = deps.clock.now()
  assertTimes([{ atMs: body.interaction.client_ts, field: 'interaction.client_ts' }], nowMs)
  const requestId = correlate(body.request_id, context)
  const { operator_id: operatorId, domain, session_id: sessionId, interaction } = body
  const contentHash = toContentHash(operatorId, domain, interaction)
  const score: NewScore = {
    ...readInteraction(interaction, nowMs),
    sessionId,
    name: requestId === null ? `c:${contentHash}` : `r:${requestId}`,
    contentHash,
    requestId,
    caseId: body.case_id,
    label: body.label,
    commitFingerprint: body.final === true ? fingerprintOf(body.interaction) : null,
    evidence: { behavioral: interaction.behavioral_attestation, attestation: body.attestation },
  }
  const start = replyStart(deps, context)
  const recorded = await record(principal, {
    operatorId,
    domain,
    source: 'score',
    scores: [score],
    tell: async (tx, { results: [own], ledger, receipt }) => {
      if (own?.kind !== 'recorded' || !isCounted(own.stored.inputs, own.stored.state !== 'open')) return
      // An estimate below the minimum of data is included in the reply only.
      const published = toNewReply(
        { ledger },
        { ...own, standing: { ...own.standing, estimate: null } },
        {
          mode,
          hasOlderUrgency: false,
        },
      )
      const reply = { ...start, ...published, receipt }
      await tellScore(tx, reply, ledger.versioned.settings, own.stored.receivedAtMs)
    },
  })
  const style = { mode, hasOlderUrgency: isOlderClient(context.userAgent) }
  const [result] = recorded.results
  if (result === undefined) throw new Error('A score gave no result')
  if (recorded.receipt === null || result.kind === 'known') {
    const [known] = await readKnown(deps, principal, [result.kind === 'known' ? result.interactionId : ''])
    if (known === undefined) throw problems.NOT_FOUND()
    return {
      ...start,
      ...toScoredReply(known.scored, style),
      cognition_probes: null,
      ...(known.fingerprint === null ? {} : { commit_fingerprint: known.fingerprint }),
      receipt: known.receipt,
    }
  }
  return { ...start, ...toNewReply(recorded, result, style), receipt: recorded.receipt }
}

/** The reply to a new score, without the envelope and the receipt. */
function toNewReply(recorded: Pick<RecordedScores, 'ledger'>, result: Recorded, style: ReplyStyle) {
  const { shown, stored } = result
  return {
    ...toScoredReply(toScored(recorded, result), style),
    cognition_probes: style.mode === 'lite' || shown.withheld !== null ? null : probesOf(result),
    ...(stored.commitFingerprint === null ? {} : { commit_fingerprint: stored.commitFingerprint }),
  }
}

export async function scoreBatch(
  deps: OversightDeps,
  principal: Principal,
  body: BatchBody,
  context: RequestContext,
): Promise<BatchReply> {
  const nowMs = deps.clock.now()
  const { operator_id: operatorId, domain, interactions } = body
  assertTimes(
    interactions.map(({ client_ts: atMs }, at) => ({ atMs, field: `interactions[${at}].client_ts` })),
    nowMs,
  )
  assertNamedOnce(interactions)
  const scores = toBatchScores(body, nowMs)
  const recorded = await recordScores(deps, principal, { operatorId, domain, source: 'batch', scores })
  const style = { mode: 'full', hasOlderUrgency: isOlderClient(context.userAgent) } as const
  const known = await readKnown(
    deps,
    principal,
    recorded.results.flatMap((result) => (result.kind === 'known' ? [result.interactionId] : [])),
  )
  const knownById = new Map(known.map((one) => [one.scored.interactionId, one]))
  const start = replyStart(deps, context)
  const results = recorded.results.map((result): BatchResult => {
    if (result.kind === 'known') {
      const one = knownById.get(result.interactionId)
      if (one === undefined) throw problems.NOT_FOUND()
      return { ...start, ...toScoredReply(one.scored, style) }
    }
    if (recorded.receipt === null) throw new Error('What was recorded has no receipt')
    return { ...start, ...toScoredReply(toScored(recorded, result), style) }
  })
  const last = results.at(-1)
  const receipt: Receipt | undefined = recorded.receipt ?? known.at(-1)?.receipt
  if (last === undefined || receipt === undefined) throw new Error('A batch gave no result')
  return {
    ...start,
    operator_id: operatorId,
    count: results.length,
    results,
    minimum_data_met: last.minimum_data_met,
    withheld: last.withheld,
    receipt,
  }
}

function toScored({ ledger }: Pick<RecordedScores, 'ledger'>, result: Recorded): ScoredInteraction {
  const { stored, shown, standing, warnings } = result
  const { settings } = ledger.versioned
  return {
    sessionId: stored.sessionId,
    operatorId: stored.operatorId,
    domain: stored.domain,
    interactionId: stored.id,
    state: stored.state,
    outcomeKnown: stored.inputs.outcomeCorrect !== null,
    duplicate: false,
    shown,
    estimate: settings.earlyEstimates ? standing.estimate : null,
    decay: decayOf(settings, stored.domain, ledger.model.parameters),
    evidence: stored.evidence,
    roleClass: ledger.operator.roleClass,
    model: ledger.model,
    warnings,
  }
}

function probesOf({ standing, state, stored }: Recorded): NonNullable<ScoreReply['cognition_probes']> {
  const none = { presentedAtMs: null, engagedAtMs: null, initiatedAtMs: null, confirmedAtMs: null }
  return toProbes(standing, toNaturalUnits(state.sums), state.window, {
    outcomeCorrect: stored.inputs.outcomeCorrect,
    phases: stored.beside?.stamps ?? none,
    tMinMs: stored.tMinMs,
  })
}

function assertTimes(
  times: readonly { readonly atMs: number | null; readonly field: string }[],
  nowMs: number,
): void {
  const fields = times.flatMap(({ atMs, field }) => judgeClientTime(atMs, nowMs, field) ?? [])
  if (fields.length > 0) throw problems.VALIDATION_FAILED({ fields })
}

/** Refuses a batch in which a name occurs twice, because one name identifies one interaction. */
function assertNamedOnce(items: readonly BatchItem[]): void {
  const seen = new Map<string, number>()
  const fields = items.flatMap(({ session_id: id }, at) => {
    if (id === null) return []
    const first = seen.get(id)
    seen.set(id, first ?? at)
    if (first === undefined) return []
    const message = 'stands twice in this batch'
    return [
      { field: `interactions[${first}].session_id`, message },
      { field: `interactions[${at}].session_id`, message },
    ]
  })
  if (fields.length > 0) throw problems.VALIDATION_FAILED({ fields })
}

/** Items with their own name are identified by it; others by the batch as one unit and their position. */
function toBatchScores(body: BatchBody, nowMs: number): readonly NewScore[] {
  const { operator_id: operatorId, domain, session_id: batchSession, interactions } = body
  const hashes = interactions.map((item) => toContentHash(operatorId, domain, withoutNames(item)))
  const batchHash = sha256Hex(toCanonicalJson(hashes))
  return interactions.map((item, at): NewScore => {
    const contentHash = hashes[at] ?? ''
    const own = item.request_id === null ? null : `r:${item.request_id}`
    const unnamed = item.session_id === null ? `b:${batchHash}:${at}` : null
    return {
      ...readInteraction(item, nowMs),
      sessionId: item.session_id ?? batchSession,
      name: own ?? unnamed,
      contentHash,
      requestId: item.request_id,
      caseId: item.case_id,
      label: item.label,
      commitFingerprint: null,
      evidence: { ...noEvidence, behavioral: item.behavioral_attestation },
    }
  })
}

function withoutNames({
  session_id: _session,
  request_id: _request,
  case_id: _case,
  label: _label,
  ...item
}: BatchItem) {
  return item
}

function fingerprintOf(interaction: ScoreBody['interaction']): string {
  return toFingerprint({
    decision: interaction.decision,
    modification_extent: interaction.modification_extent,
    hover_events: interaction.hover_events,
    scroll_depth: interaction.scroll_depth,
    alternative_views_checked: interaction.alternative_views_checked,
    outcome_correct: interaction.outcome_correct,
  })
}
