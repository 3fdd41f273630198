import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { type Selectable, sql } from 'kysely'
import type { Domain, Interaction } from '../domain/interaction.ts'
import type { Shown } from '../domain/shown.ts'
import { type ColumnTypes, insertRows } from './insert-rows.ts'
import type {
  Beside,
  InteractionRow,
  InteractionSource,
  InteractionState,
  LedgerKind,
  OversightTables,
  StoredEvidence,
} from './tables.ts'

export type StoredInteraction = {
  readonly id: string
  readonly receivedAtMs: number
  readonly operatorId: string
  readonly domain: Domain
  readonly sessionId: string
  readonly requestId: string | null
  readonly caseId: string | null
  readonly label: string | null
  readonly inputs: Interaction
  readonly beside: Beside | null
  readonly state: InteractionState
  readonly commitFingerprint: string | null
  readonly evidence: StoredEvidence
  readonly occurredAtMs: number
  readonly day: number
  readonly source: InteractionSource
  readonly normId: string
  readonly tMinMs: number
  readonly tRefMs: number
  readonly settingsVersion: number
  readonly modelVersion: string
  readonly ledgerSeq: number
  /** Null if it is no reliance trial, or its decision is not known yet. */
  readonly isPostError: boolean | null
  readonly receiptId: string
  /** The sender, in the form of `toSender`. */
  readonly sentBy: string
}

export async function insertInteractions(
  tx: AuditedTx,
  interactions: readonly StoredInteraction[],
): Promise<void> {
  await insertRows(
    tx,
    'oversight.interaction',
    interactionTypes,
    interactions.map((one) => ({
      id: one.id,
      received_at: new Date(one.receivedAtMs),
      operator_id: one.operatorId,
      domain: one.domain,
      session_id: one.sessionId,
      request_id: one.requestId,
      case_id: one.caseId,
      label: one.label,
      inputs: one.inputs,
      beside: one.beside,
      state: one.state,
      commit_fingerprint: one.commitFingerprint,
      evidence: one.evidence,
      evidence_grade: one.evidence.grade,
      occurred_at: new Date(one.occurredAtMs),
      day: one.day,
      source: one.source,
      norm_id: one.normId,
      t_min_ms: one.tMinMs,
      t_ref_ms: one.tRefMs,
      settings_version: one.settingsVersion,
      model_version: one.modelVersion,
      ledger_seq: one.ledgerSeq,
      is_post_error: one.isPostError,
      receipt_id: one.receiptId,
      sent_by: one.sentBy,
    })),
  )
}

const interactionTypes = {
  id: 'text',
  received_at: 'timestamptz',
  operator_id: 'text',
  domain: 'text',
  session_id: 'text',
  request_id: 'text',
  case_id: 'text',
  label: 'text',
  inputs: 'jsonb',
  beside: 'jsonb',
  state: 'text',
  commit_fingerprint: 'text',
  evidence: 'jsonb',
  evidence_grade: 'text',
  occurred_at: 'timestamptz',
  day: 'integer',
  source: 'text',
  norm_id: 'text',
  t_min_ms: 'integer',
  t_ref_ms: 'integer',
  settings_version: 'integer',
  model_version: 'text',
  ledger_seq: 'integer',
  is_post_error: 'boolean',
  receipt_id: 'text',
  sent_by: 'text',
} satisfies ColumnTypes<Omit<InteractionRow, 'org_id'>>

/** Writes the members that a commit, an outcome, an exclusion or a correction changes. */
export async function setInteraction(tx: AuditedTx, one: StoredInteraction): Promise<void> {
  await query<OversightTables>(tx)
    .updateTable('oversight.interaction')
    .set({
      inputs: JSON.stringify(one.inputs),
      state: one.state,
      commit_fingerprint: one.commitFingerprint,
      evidence: JSON.stringify(one.evidence),
      evidence_grade: one.evidence.grade,
      is_post_error: one.isPostError,
    })
    .where('org_id', '=', tx.orgId)
    .where('id', '=', one.id)
    .where('received_at', '=', new Date(one.receivedAtMs))
    .execute()
}

/** All interactions of a session, oldest first. */
export async function listOfSession(tx: TenantTx, sessionId: string): Promise<readonly StoredInteraction[]> {
  const rows = await selectInteractions(tx).where('session_id', '=', sessionId).orderBy('id').execute()
  return rows.map(toInteraction)
}

export async function findInteractions(
  tx: TenantTx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredInteraction>> {
  if (ids.length === 0) return new Map()
  const rows = await selectInteractions(tx)
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map((row) => [row.id, toInteraction(row)]))
}

/** Interactions of an operator, newest first, starting before `beforeId`. */
export async function listInteractionsOf(
  tx: TenantTx,
  {
    operatorId,
    domain,
    beforeId,
    limit,
  }: {
    readonly operatorId: string
    readonly domain?: Domain | undefined
    readonly beforeId?: string | undefined
    readonly limit: number
  },
): Promise<readonly StoredInteraction[]> {
  let rows = selectInteractions(tx).where('operator_id', '=', operatorId).orderBy('id', 'desc').limit(limit)
  if (domain !== undefined) rows = rows.where('domain', '=', domain)
  if (beforeId !== undefined) rows = rows.where('id', '<', beforeId)
  return (await rows.execute()).map(toInteraction)
}

export type LedgerEvent = {
  readonly operatorId: string
  readonly domain: Domain
  readonly ledgerSeq: number
  readonly kind: LedgerKind
  readonly interactionId: string
  /** The inputs and evidence that apply from this event on; null: the interaction left the counters. */
  readonly data: {
    readonly inputs: Interaction
    readonly evidence: StoredEvidence
    readonly closed: boolean
  } | null
  readonly day: number
  readonly shown: Shown
  readonly receiptId: string
  readonly atMs: number
}

export async function insertLedgerEvents(tx: AuditedTx, events: readonly LedgerEvent[]): Promise<void> {
  await insertRows(
    tx,
    'oversight.ledger_event',
    eventTypes,
    events.map((event) => ({
      operator_id: event.operatorId,
      domain: event.domain,
      ledger_seq: event.ledgerSeq,
      kind: event.kind,
      interaction_id: event.interactionId,
      data: event.data,
      day: event.day,
      shown: event.shown,
      receipt_id: event.receiptId,
      at: new Date(event.atMs),
    })),
  )
}

const eventTypes = {
  operator_id: 'text',
  domain: 'text',
  ledger_seq: 'integer',
  kind: 'text',
  interaction_id: 'text',
  data: 'jsonb',
  day: 'integer',
  shown: 'jsonb',
  receipt_id: 'text',
  at: 'timestamptz',
} satisfies ColumnTypes<Omit<OversightTables['oversight.ledger_event'], 'org_id'>>

/** The events of these interactions, oldest first. */
export async function listLedgerEvents(
  tx: TenantTx,
  interactionIds: readonly string[],
): Promise<readonly LedgerEvent[]> {
  if (interactionIds.length === 0) return []
  const rows = await ledger(tx)
    .where('interaction_id', 'in', [...interactionIds])
    .orderBy('ledger_seq')
    .execute()
  return rows.map(toEvent)
}

/** The events that one receipt covers, in ledger order, which is the order of interaction ids. */
export async function listEventsOfReceipt(tx: TenantTx, receiptId: string): Promise<readonly LedgerEvent[]> {
  const rows = await ledger(tx).where('receipt_id', '=', receiptId).orderBy('interaction_id').execute()
  return rows.map(toEvent)
}

/** The events of an operator's interactions, oldest first, each with the published score before it. */
export async function listEventsOf(
  tx: TenantTx,
  operatorId: string,
  interactionIds: readonly string[],
): Promise<readonly { readonly event: LedgerEvent; readonly jisBefore: number | null }[]> {
  if (interactionIds.length === 0) return []
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.ledger_event as event')
    .leftJoin('oversight.ledger_event as before', (join) =>
      join
        .onRef('before.org_id', '=', 'event.org_id')
        .onRef('before.operator_id', '=', 'event.operator_id')
        .onRef('before.domain', '=', 'event.domain')
        .on(sql<boolean>`before.ledger_seq = event.ledger_seq - 1`),
    )
    .selectAll('event')
    .select('before.shown as shown_before')
    .where('event.org_id', '=', tx.orgId)
    .where('event.operator_id', '=', operatorId)
    .where('event.interaction_id', 'in', [...interactionIds])
    .orderBy('event.ledger_seq')
    .execute()
  return rows.map((row) => ({ event: toEvent(row), jisBefore: row.shown_before?.jis ?? null }))
}

/** The ledger of an operator in a domain up to and including an event, oldest first. */
export async function listLedgerUpTo(
  tx: TenantTx,
  operatorId: string,
  domain: Domain,
  ledgerSeq: number,
): Promise<readonly LedgerEvent[]> {
  const rows = await ledger(tx)
    .where('operator_id', '=', operatorId)
    .where('domain', '=', domain)
    .where('ledger_seq', '<=', ledgerSeq)
    .orderBy('ledger_seq')
    .execute()
  return rows.map(toEvent)
}

function ledger(tx: TenantTx) {
  return query<OversightTables>(tx)
    .selectFrom('oversight.ledger_event')
    .selectAll()
    .where('org_id', '=', tx.orgId)
}

function toEvent(row: Selectable<OversightTables['oversight.ledger_event']>): LedgerEvent {
  return {
    operatorId: row.operator_id,
    domain: row.domain,
    ledgerSeq: row.ledger_seq,
    kind: row.kind,
    interactionId: row.interaction_id,
    // Safe: only `insertLedgerEvents` writes this column.
    data: row.data as LedgerEvent['data'],
    day: row.day,
    shown: row.shown,
    receiptId: row.receipt_id,
    atMs: row.at.getTime(),
  }
}

function selectInteractions(tx: TenantTx) {
  return query<OversightTables>(tx)
    .selectFrom('oversight.interaction')
    .selectAll()
    .where('org_id', '=', tx.orgId)
}

export function toInteraction(row: Selectable<InteractionRow>): StoredInteraction {
  return {
    id: row.id,
    receivedAtMs: row.received_at.getTime(),
    operatorId: row.operator_id,
    domain: row.domain,
    sessionId: row.session_id,
    requestId: row.request_id,
    caseId: row.case_id,
    label: row.label,
    inputs: row.inputs,
    beside: row.beside,
    state: row.state,
    commitFingerprint: row.commit_fingerprint,
    evidence: row.evidence,
    occurredAtMs: row.occurred_at.getTime(),
    day: row.day,
    source: row.source,
    normId: row.norm_id,
    tMinMs: row.t_min_ms,
    tRefMs: row.t_ref_ms,
    settingsVersion: row.settings_version,
    modelVersion: row.model_version,
    ledgerSeq: row.ledger_seq,
    isPostError: row.is_post_error,
    receiptId: row.receipt_id,
    sentBy: row.sent_by,
  }
}
