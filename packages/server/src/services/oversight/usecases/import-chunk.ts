import { type AuditedTx, merkleRoot, mutate, type Mutation, toCanonicalJson } from '@gatehouse/kernel/audit'
import { isConflict, retryConflicts } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import type { OversightDeps } from '../deps.ts'
import { currentModel } from '../params-hash.ts'
import { problems } from '../problems.ts'
import {
  addProgress,
  findNewestDays,
  type ImportJob,
  type ImportReject,
  insertRejects,
  lockImport,
} from '../store/import-store.ts'
import { insertInteractions, insertLedgerEvents, type LedgerEvent } from '../store/interaction-store.ts'
import { findSettings } from '../store/rule-store.ts'
import { claimImportSessions, findImportSessions, insertNames } from '../store/session-store.ts'
import type { OperatorDomain } from '../store/state-store.ts'
import { assertModel } from './assert-model.ts'
import { findErased } from './erase-operator.ts'
import { asserted } from './judge-evidence.ts'
import { closeLedgers, keyOf, openLedgers } from './open-ledger.ts'
import type { ImportedLine, RejectedLine } from './parse-import-line.ts'
import { dayOf } from './read-interaction.ts'
import { issueReceipt, newReceiptId, prepareReceipt } from './receipts.ts'
import { type Recorded, takeScore, toReceiptItem } from './record-scores.ts'

/** Lines that are committed in one transaction, numbered from `fromLine`. */
export type ImportChunk = {
  readonly importId: string
  readonly fromLine: number
  readonly lines: readonly (ImportedLine | RejectedLine)[]
}

export type CommittedChunk = {
  readonly job: ImportJob
  /** The rejected line at which an import with `on_error: stop` ended. */
  readonly stoppedAt: ImportReject | null
}

/** Thrown to roll back a chunk that has to end before one of its lines; it is then retried with fewer lines. */
class EndsBefore extends Error {
  readonly reject: ImportReject

  constructor(reject: ImportReject) {
    super('A line cannot be counted, and the import stops there')
    this.reject = reject
  }
}

/** Thrown if an operator of the chunk was erased concurrently; the retry rejects their lines. */
class ErasedMeanwhile extends Error {}

/**
 * Records the lines of a chunk in one transaction, together with the import's progress and one chain entry whose
 * Merkle root covers all lines (specification 9.2). A chunk sent again after a crash is therefore never counted
 * twice.
 */
export async function commitChunk(
  deps: OversightDeps,
  principal: Principal,
  chunk: ImportChunk,
): Promise<CommittedChunk> {
  try {
    const job = await retryConflicts(
      () => mutate(deps, principal, (tx) => writeChunk(deps, principal, tx, chunk)),
      // Two chunks, or a chunk and a score, can deadlock or conflict.
      (error) => error instanceof ErasedMeanwhile || isConflict(error),
    )
    return { job, stoppedAt: null }
  } catch (error) {
    if (error instanceof EndsBefore) return endBefore(deps, principal, chunk, error.reject)
    throw error
  }
}

async function endBefore(
  deps: OversightDeps,
  principal: Principal,
  chunk: ImportChunk,
  reject: ImportReject,
): Promise<CommittedChunk> {
  const lines = chunk.lines.slice(0, reject.line - chunk.fromLine)
  const { job } = await commitChunk(deps, principal, { ...chunk, lines })
  return { job, stoppedAt: reject }
}

/** The result of one line. */
type Outcome =
  | { readonly kind: 'duplicate' }
  /** `isNamed`: its session is new and identifies it already. */
  | { readonly kind: 'counts'; readonly interactionId: string; readonly isNamed: boolean }
  | RejectedLine

async function writeChunk(
  deps: OversightDeps,
  principal: Principal,
  tx: AuditedTx,
  { importId, fromLine, lines }: ImportChunk,
): Promise<Mutation<ImportJob>> {
  assertModel(deps)
  const startedMs = deps.clock.monotonic()
  const job = await lockImport(tx, importId)
  if (job === undefined) throw problems.NOT_FOUND()
  assertTakes(job, fromLine)
  const nowMs = deps.clock.now()
  const known = await rejectErased(deps, tx, lines)
  const outcomes = await judgeLines(tx, known, job.isDryRun, nowMs)
  const rejects = outcomes.flatMap((outcome, at) =>
    outcome.kind === 'reject'
      ? [{ line: fromLine + at, field: outcome.field, message: outcome.message }]
      : [],
  )
  const [first] = rejects
  if (first !== undefined && job.onError === 'stop') throw new EndsBefore(first)
  const receiptId = newReceiptId(nowMs)
  const { recorded, outOfOrder } = job.isDryRun
    ? { recorded: [], outOfOrder: await countLate(tx, lines, outcomes, nowMs) }
    : await recordLines(deps, tx, lines, outcomes, receiptId, nowMs)
  await insertRejects(tx, importId, rejects, nowMs)
  const counted = outcomes.filter(({ kind }) => kind === 'counts').length
  const progressed = await addProgress(tx, importId, {
    lines: lines.length,
    counted,
    duplicates: outcomes.filter(({ kind }) => kind === 'duplicate').length,
    rejected: rejects.length,
    outOfOrder,
    busyMs: deps.clock.monotonic() - startedMs,
  })
  const { version } = await findSettings(tx)
  const prepared = prepareReceipt(principal, receiptId, {
    eventType: 'IMPORT_CHUNK',
    kind: 'import',
    model: currentModel,
    normId: null,
    settingsVersion: version,
    payload: {
      resource_type: 'import',
      resource_id: importId,
      from_line: fromLine,
      to_line: fromLine + lines.length - 1,
      count: recorded.length,
      root: merkleRoot(recorded.map(({ stored, shown }) => toCanonicalJson(toReceiptItem(stored, shown)))),
    },
    atMs: nowMs,
  })
  return {
    entry: prepared.entry,
    conclude: async ([link]) => {
      await issueReceipt(tx, prepared, link)
      return progressed
    },
  }
}

/** Throws if the lines are not the next expected ones; the error says which are. */
export function assertTakes({ state, linesCommitted }: ImportJob, fromLine: number): void {
  if (state !== 'open') throw problems.IMPORT_CLOSED({ detail: `This import is ${state}` })
  if (fromLine === linesCommitted + 1) return
  throw problems.IMPORT_POSITION({
    detail: `from_line must be ${linesCommitted + 1}: ${linesCommitted} lines are committed`,
    fields: [{ field: 'from_line', message: `must be ${linesCommitted + 1}` }],
  })
}

/** Rejects lines of erased operators, so that an old file does not record them again. */
async function rejectErased(
  deps: OversightDeps,
  tx: AuditedTx,
  lines: ImportChunk['lines'],
): Promise<ImportChunk['lines']> {
  const operators = new Set(lines.flatMap((line) => (line.kind === 'line' ? [line.operatorId] : [])))
  const erased = await findErased(deps, tx, [...operators])
  if (erased.size === 0) return lines
  return lines.map((line) =>
    line.kind === 'line' && erased.has(line.operatorId)
      ? { kind: 'reject', field: 'operator_id', message: 'operator_erased' }
      : line,
  )
}

/** Compares each line with what its session identifies already, including earlier lines of the file. */
async function judgeLines(
  tx: AuditedTx,
  lines: ImportChunk['lines'],
  isDryRun: boolean,
  nowMs: number,
): Promise<readonly Outcome[]> {
  // Ids are assigned in file order, because the leaves of a receipt's tree are ordered by id.
  const numbered = lines.map((line) => ({ line, interactionId: newId(nowMs) }))
  const good = numbered.flatMap(({ line, interactionId }) => {
    if (line.kind === 'reject') return []
    const { sessionId, contentHash } = line.score
    return [{ sessionId, operatorId: line.operatorId, domain: line.domain, contentHash, interactionId }]
  })
  const sessions = isDryRun ? await findImportSessions(tx, good) : await claimImportSessions(tx, good, nowMs)
  const seen = new Map<string, { readonly owner: string; readonly contentHash: string }>()
  return numbered.map(({ line, interactionId }): Outcome => {
    if (line.kind === 'reject') return line
    const { sessionId, contentHash } = line.score
    const owner = nameOf(line)
    const stored = sessions.get(sessionId)
    const before =
      seen.get(sessionId) ??
      (stored === undefined
        ? undefined
        : { owner: nameOf(stored), contentHash: stored.contentHash ?? undefined })
    if (before !== undefined && before.owner !== owner)
      return refuseName('belongs to another operator or domain')
    if (before?.contentHash !== undefined && before.contentHash !== contentHash)
      return refuseName('stands for another interaction')
    seen.set(sessionId, { owner, contentHash })
    if (before?.contentHash !== undefined) return { kind: 'duplicate' }
    return { kind: 'counts', interactionId, isNamed: stored === undefined }
  })
}

function refuseName(message: string): RejectedLine {
  return { kind: 'reject', field: 'session_id', message }
}

function nameOf({ operatorId, domain }: OperatorDomain): string {
  return `${operatorId}/${domain}`
}

type Counting = { readonly line: ImportedLine } & Extract<Outcome, { kind: 'counts' }>

/** What is written of a line; its standing is not kept, because a thousand of them take much memory. */
type RecordedLine = Pick<Recorded, 'stored' | 'shown'>

/** Records the counted lines, each operator's in file order. */
async function recordLines(
  deps: OversightDeps,
  tx: AuditedTx,
  lines: ImportChunk['lines'],
  outcomes: readonly Outcome[],
  receiptId: string,
  nowMs: number,
): Promise<{ readonly recorded: readonly RecordedLine[]; readonly outOfOrder: number }> {
  const counting = lines.flatMap((line, at): Counting[] => {
    const outcome = outcomes[at]
    return line.kind === 'line' && outcome?.kind === 'counts' ? [{ line, ...outcome }] : []
  })
  const groups = Map.groupBy(counting, ({ line }) => nameOf(line))
  const keys = [...groups.values()].flatMap(([first]) => (first === undefined ? [] : [first.line]))
  const ledgers = await openLedgers(tx, keys, nowMs)
  // Checked after the lock, because an erasure may have committed since the first check.
  const newcomers = ledgers.flatMap(({ operator }) => (operator.isNew ? [operator.operatorId] : []))
  if ((await findErased(deps, tx, newcomers)).size > 0) throw new ErasedMeanwhile()
  // Read after all are locked, so that no concurrent transaction counts a newer day.
  const newestDays = await findNewestDays(tx, keys)
  const events: LedgerEvent[] = []
  const recorded: RecordedLine[] = []
  let outOfOrder = 0
  for (const ledger of ledgers) {
    const key = keyOf(ledger)
    let newest = newestDays.get(nameOf(key)) ?? 0
    const request = { ...key, source: 'import', scores: [] } as const
    for (const { line, interactionId: id } of groups.get(nameOf(key)) ?? []) {
      const judged = { inputs: line.score.interaction, evidence: asserted, refusals: [] }
      const { stored, shown } = takeScore(ledger, request, { ...line.score, id, judged }, receiptId, events)
      if (stored.day < newest) outOfOrder += 1
      newest = Math.max(newest, stored.day)
      recorded.push({ stored, shown })
    }
  }
  await closeLedgers(tx, ledgers, 'quietly')
  const inOrder = recorded.toSorted((a, b) => (a.stored.id < b.stored.id ? -1 : 1))
  await insertInteractions(
    tx,
    inOrder.map(({ stored }) => stored),
  )
  await insertNames(
    tx,
    counting
      .filter(({ isNamed }) => !isNamed)
      .map(({ line: { score }, interactionId }) => ({
        sessionId: score.sessionId,
        name: null,
        contentHash: score.contentHash,
        interactionId,
      })),
    nowMs,
  )
  await insertLedgerEvents(tx, events)
  return { recorded: inOrder, outOfOrder }
}

/** The number of lines dated before a day that had already been counted. */
async function countLate(
  tx: AuditedTx,
  lines: ImportChunk['lines'],
  outcomes: readonly Outcome[],
  nowMs: number,
): Promise<number> {
  const counting = lines.flatMap((line, at) =>
    line.kind === 'line' && outcomes[at]?.kind === 'counts' ? [line] : [],
  )
  const keys = new Map(counting.map((line) => [nameOf(line), line]))
  const newest = new Map(await findNewestDays(tx, [...keys.values()]))
  let late = 0
  for (const line of counting) {
    const day = Math.min(dayOf(line.score.occurredAtMs), dayOf(nowMs))
    const last = newest.get(nameOf(line)) ?? 0
    if (day < last) late += 1
    newest.set(nameOf(line), Math.max(last, day))
  }
  return late
}
