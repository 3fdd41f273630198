import {
  type AuditedTx,
  type Decision,
  type JsonValue,
  merkleRoot,
  mutate,
  type SignedLink,
  toCanonicalJson,
} from '@gatehouse/kernel/audit'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import type { Receipt } from '../contract/blocks.ts'
import type { OversightDeps } from '../deps.ts'
import {
  type Domain,
  type Interaction,
  isCounted,
  isPlaceholder,
  isRelianceTrial,
} from '../domain/interaction.ts'
import { recordScore } from '../domain/ledger.ts'
import { readTelemetry } from '../domain/settings.ts'
import { type Shown, toShown } from '../domain/shown.ts'
import type { Standing } from '../domain/standing.ts'
import type { OperatorState } from '../domain/operator-state.ts'
import { problems } from '../problems.ts'
import {
  insertInteractions,
  insertLedgerEvents,
  type LedgerEvent,
  type StoredInteraction,
} from '../store/interaction-store.ts'
import { claimSessions, findNames, insertNames, nameKey } from '../store/session-store.ts'
import type { InteractionSource } from '../store/tables.ts'
import { assertNotErased } from './erase-operator.ts'
import { type ClaimedEvidence, judgeEvidence, type JudgedEvidence } from './judge-evidence.ts'
import { assertModel } from './assert-model.ts'
import { closeLedgers, type Ledger, openLedger } from './open-ledger.ts'
import { dayOf, type ReadInteraction } from './read-interaction.ts'
import { issueReceipt, newReceiptId, type PreparedReceipt, prepareReceipt } from './receipts.ts'

/** One interaction to record, with the name that identifies it. */
export type NewScore = ReadInteraction & {
  readonly sessionId: string
  /** Null: the session itself identifies it. */
  readonly name: string | null
  readonly contentHash: string
  readonly requestId: string | null
  readonly caseId: string | null
  readonly label: string | null
  /** If set, its decision is final from the start. */
  readonly commitFingerprint: string | null
  readonly evidence: ClaimedEvidence
  /** Set if its evidence was judged together with the decision that it belongs to. */
  readonly judged?: JudgedEvidence
}

export type ScoreRequest = {
  readonly operatorId: string
  readonly domain: Domain
  readonly source: InteractionSource
  readonly scores: readonly NewScore[]
  /** Publishes what was recorded, in the same transaction, after the receipt exists. */
  readonly tell?: (tx: AuditedTx, recorded: RecordedScores) => Promise<void>
}

/** An interaction recorded before, with the same name and content. */
export type Known = { readonly kind: 'known'; readonly interactionId: string }

export type Recorded = {
  readonly kind: 'recorded'
  readonly stored: StoredInteraction
  readonly shown: Shown
  readonly standing: Standing
  readonly state: OperatorState
  readonly warnings: readonly string[]
}

export type RecordedScores = {
  /** One result per score, in the same order. */
  readonly results: readonly (Known | Recorded)[]
  readonly ledger: Pick<Ledger, 'operator' | 'domain' | 'model' | 'norm' | 'versioned'>
  readonly receipt: Receipt
}

/** What was recorded now, or what had been recorded before. */
export type RecordOutcome = RecordedScores | { readonly results: readonly Known[]; readonly receipt: null }

/** Thrown to roll back a transaction that has nothing to write. */
class NothingNew extends Error {
  readonly known: readonly Known[]

  constructor(known: readonly Known[]) {
    super('Every interaction was there already')
    this.known = known
  }
}

/**
 * Records interactions of one operator in one domain, each scored after the previous one: all or none. Those already
 * recorded with the same name and content are returned; a name with different content is refused (specification 9.1).
 */
export async function recordScores(
  deps: OversightDeps,
  principal: Principal,
  request: ScoreRequest,
): Promise<RecordOutcome> {
  try {
    return await mutate(deps, principal, async (tx) => {
      const written = await writeScores(deps, tx, principal, request, deps.clock.now())
      if (written.kind === 'known') throw new NothingNew(written.results)
      return { entry: written.entries, conclude: ([link]) => written.conclude(link) }
    })
  } catch (error) {
    if (error instanceof NothingNew) return { results: error.known, receipt: null }
    throw error
  }
}

export type WrittenScores =
  | { readonly kind: 'known'; readonly results: readonly Known[] }
  | {
      readonly kind: 'written'
      readonly results: readonly (Known | Recorded)[]
      /** The entry of the score, and entries for refused evidence. */
      readonly entries: readonly [Decision, ...Decision[]]
      readonly conclude: (link: SignedLink | undefined) => Promise<RecordedScores>
    }

/** The same within the transaction of a decision, whose chain entries include the one for this score. */
export async function writeScores(
  deps: OversightDeps,
  tx: AuditedTx,
  principal: Principal,
  request: ScoreRequest,
  nowMs: number,
): Promise<WrittenScores> {
  assertModel(deps)
  const known = await findKnown(tx, request, nowMs)
  const before = known.filter((one) => one !== null)
  if (before.length === known.length) return { kind: 'known', results: before }
  const ledger = await openLedger(tx, request, nowMs)
  if (ledger.operator.isNew) await assertNotErased(deps, tx, request.operatorId)
  const results: (Known | Recorded)[] = []
  const events: LedgerEvent[] = []
  const refusals: Decision[] = []
  const receiptId = newReceiptId(ledger.receivedAtMs)
  for (const [at, score] of request.scores.entries()) {
    const already = known[at]
    if (already !== null && already !== undefined) {
      results.push(already)
      continue
    }
    const id = newId(ledger.receivedAtMs)
    const about = { ...request, sessionId: score.sessionId, usedBy: `int_${id}` }
    const judged =
      score.judged ?? (await judgeEvidence(deps, tx, about, score.evidence, score.interaction, nowMs))
    refusals.push(...judged.refusals)
    results.push(takeScore(ledger, request, { ...score, id, judged }, receiptId, events))
  }
  const recorded = results.filter((one) => one.kind === 'recorded')
  await insertInteractions(
    tx,
    recorded.map(({ stored }) => stored),
  )
  await insertNames(
    tx,
    request.scores.flatMap(({ sessionId, name, contentHash }, at) => {
      const result = results[at]
      return result?.kind === 'recorded'
        ? [{ sessionId, name, contentHash, interactionId: result.stored.id }]
        : []
    }),
    ledger.receivedAtMs,
  )
  await insertLedgerEvents(tx, events)
  await closeLedgers(tx, [ledger], request.source === 'import' ? 'quietly' : undefined)
  const receipt = toEntry(principal, receiptId, request, ledger, recorded)
  return {
    kind: 'written',
    results,
    entries: [receipt.entry, ...refusals],
    conclude: async (link) => {
      const concluded = { results, ledger, receipt: await issueReceipt(tx, receipt, link) }
      await request.tell?.(tx, concluded)
      return concluded
    },
  }
}

/** What each score's name identifies already; null for new ones. */
async function findKnown(
  tx: AuditedTx,
  { operatorId, domain, scores }: ScoreRequest,
  nowMs: number,
): Promise<readonly (Known | null)[]> {
  const claimed = await claimSessions(
    tx,
    { operatorId, domain },
    scores.map(({ sessionId }) => sessionId),
    nowMs,
  )
  for (const [sessionId, owner] of claimed.owners)
    if (owner.operatorId !== operatorId || owner.domain !== domain)
      throw conflict(`session_id ${sessionId} belongs to another operator or domain`)
  const names = await findNames(
    tx,
    scores.flatMap(({ sessionId, name }) =>
      name === null || !claimed.known.has(sessionId) ? [] : [{ sessionId, name }],
    ),
  )
  return scores.map(({ sessionId, name, contentHash }) => {
    const found = name === null ? claimed.items.get(sessionId) : names.get(nameKey(sessionId, name))
    if (found === undefined) return null
    if (found.contentHash !== contentHash)
      throw conflict(
        name === null
          ? `session_id ${sessionId} stands for another interaction`
          : 'request_id stands for another interaction of this session',
      )
    return { kind: 'known', interactionId: found.interactionId } as const
  })
}

function conflict(detail: string): Error {
  return problems.SESSION_CONFLICT({ detail })
}

type JudgedScore = NewScore & { readonly id: string; readonly judged: JudgedEvidence }

export function takeScore(
  ledger: Ledger,
  { operatorId, domain, source }: ScoreRequest,
  score: JudgedScore,
  receiptId: string,
  events: LedgerEvent[],
): Recorded {
  const { receivedAtMs, today, norm, model, versioned, rule } = ledger
  const { id, judged } = score
  const { inputs, evidence } = judged
  const interaction = readTelemetry(inputs, versioned.settings)
  const isClosed = score.commitFingerprint !== null
  const day = Math.min(dayOf(score.occurredAtMs), today)
  const step = recordScore(ledger.state(), {
    interaction,
    isClosed,
    grade: evidence.grade,
    isByLink: evidence.attestation?.enrolledBy === 'link',
    rule,
    day,
  })
  const standing = ledger.take(step)
  const shown = toShown(standing)
  const stored: StoredInteraction = {
    id,
    receivedAtMs,
    operatorId,
    domain,
    sessionId: score.sessionId,
    requestId: score.requestId,
    caseId: score.caseId,
    label: score.label,
    inputs,
    beside: score.beside,
    state: isClosed ? 'committed' : 'open',
    commitFingerprint: score.commitFingerprint,
    evidence,
    occurredAtMs: score.occurredAtMs,
    day,
    source,
    normId: norm.id,
    tMinMs: norm.tMinMs,
    tRefMs: norm.tRefMs,
    settingsVersion: versioned.version,
    modelVersion: model.version,
    ledgerSeq: step.state.ledgerSeq,
    isPostError: step.isPostError,
    receiptId,
    sentBy: ledger.sender,
  }
  events.push({
    operatorId,
    domain,
    ledgerSeq: step.state.ledgerSeq,
    kind: 'score',
    interactionId: id,
    data: { inputs, evidence, closed: isClosed },
    day,
    shown,
    receiptId,
    atMs: receivedAtMs,
  })
  return {
    kind: 'recorded',
    stored,
    shown,
    standing,
    state: step.state,
    warnings: [...score.warnings, ...listWarnings(ledger, inputs, isClosed)],
  }
}

function listWarnings(ledger: Ledger, interaction: Interaction, isClosed: boolean): readonly string[] {
  const { hoverEvents, scrollDepth, alternativeViewsChecked, decision, scenarioType } = interaction
  const isZero = hoverEvents === 0 && scrollDepth === 0 && alternativeViewsChecked === 0
  // Absent advice cannot have been accepted, modified or rejected.
  const isOdd =
    isCounted(interaction, isClosed) &&
    !isRelianceTrial(interaction) &&
    (decision === 'accepted' || decision === 'modified' || decision === 'rejected')
  return [
    ...(isOdd ? ['odd_combination'] : []),
    ...(isZero && !isPlaceholder(interaction) ? ['telemetry_all_zero'] : []),
    ...(scenarioType === 'trap' && ledger.operator.noticeGivenAtMs === null ? ['trap_without_notice'] : []),
  ]
}

/** One entry: the content of a single score, or the Merkle root of several. */
function toEntry(
  principal: Principal,
  receiptId: string,
  { operatorId, domain, source }: ScoreRequest,
  { model, norm, versioned, receivedAtMs }: Ledger,
  recorded: readonly Recorded[],
): PreparedReceipt {
  const about = {
    model,
    normId: norm.id,
    settingsVersion: versioned.version,
    atMs: receivedAtMs,
  }
  const [only] = recorded
  if (source !== 'batch' && source !== 'import' && only !== undefined)
    return prepareReceipt(principal, receiptId, {
      ...about,
      eventType: 'SCORE_RECORDED',
      kind: 'score',
      payload: {
        resource_type: 'interaction',
        resource_id: `int_${only.stored.id}`,
        ...toReceiptItem(only.stored, only.shown),
      },
    })
  const items = recorded.map(({ stored, shown }) => toCanonicalJson(toReceiptItem(stored, shown)))
  return prepareReceipt(principal, receiptId, {
    ...about,
    eventType: source === 'import' ? 'IMPORT_CHUNK' : 'BATCH_RECORDED',
    kind: source === 'import' ? 'import' : 'batch',
    payload: { operator_id: operatorId, domain, count: items.length, root: merkleRoot(items) },
  })
}

/** The content that a receipt commits to: the counted inputs, their evidence grade and the shown result. */
export function toReceiptItem(
  stored: Pick<StoredInteraction, 'id' | 'operatorId' | 'domain' | 'sessionId' | 'inputs' | 'evidence'> & {
    readonly ledgerSeq: number
  },
  shown: Shown,
) {
  return {
    interaction_id: `int_${stored.id}`,
    operator_id: stored.operatorId,
    domain: stored.domain,
    session_id: stored.sessionId,
    inputs: toJson(stored.inputs),
    evidence_grade: stored.evidence.grade,
    ledger_seq: stored.ledgerSeq,
    shown: toJson(shown),
  }
}

function toJson(value: object) {
  // Safe: inputs and shown results are plain data that the database keeps as JSON.
  return value as unknown as { readonly [member: string]: JsonValue }
}
