import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx, type WriterTx } from '@gatehouse/kernel/db'
import type { Selectable } from 'kysely'
import type { Domain } from '../domain/interaction.ts'
import type { ContestReason, ContestRemedy, ContestState, OversightTables } from './tables.ts'

export type Contest = {
  readonly id: string
  readonly operatorId: string
  readonly domain: Domain
  readonly interactionId: string
  readonly sessionId: string
  readonly reason: ContestReason
  readonly statement: string
  readonly state: ContestState
  readonly openedAtMs: number
  readonly dueAtMs: number
  readonly decidedAtMs: number | null
  readonly decidedBy: string | null
  readonly remedy: ContestRemedy | null
  readonly answer: string | null
}

/** Returns whether it was inserted; false if the interaction has an open contest. */
export async function insertContest(tx: AuditedTx, contest: Contest): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await query<OversightTables>(tx)
    .insertInto('oversight.contest')
    .values({
      org_id: tx.orgId,
      id: contest.id,
      operator_id: contest.operatorId,
      domain: contest.domain,
      interaction_id: contest.interactionId,
      session_id: contest.sessionId,
      reason: contest.reason,
      statement: contest.statement,
      state: contest.state,
      opened_at: new Date(contest.openedAtMs),
      due_at: new Date(contest.dueAtMs),
      decided_at: null,
      decided_by: null,
      remedy: JSON.stringify(null),
      answer: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Locks the contest until the transaction ends, so that it is decided only once. */
export async function lockContest(tx: AuditedTx, id: string): Promise<Contest | undefined> {
  const row = await contests(tx).where('id', '=', id).forUpdate().executeTakeFirst()
  return row && toContest(row)
}

export type ContestDecision = {
  readonly state: ContestState
  readonly decidedAtMs: number
  readonly decidedBy: string
  readonly remedy: ContestRemedy | null
  readonly answer: string | null
}

export async function setContestDecided(tx: AuditedTx, id: string, decided: ContestDecision): Promise<void> {
  await query<OversightTables>(tx)
    .updateTable('oversight.contest')
    .set({
      state: decided.state,
      decided_at: new Date(decided.decidedAtMs),
      decided_by: decided.decidedBy,
      remedy: JSON.stringify(decided.remedy),
      answer: decided.answer,
    })
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .execute()
}

/** In order of opening, starting after `afterId`. */
export async function listContests(
  tx: TenantTx,
  state: ContestState,
  afterId: string | undefined,
  limit: number,
): Promise<readonly Contest[]> {
  let rows = contests(tx).where('state', '=', state).orderBy('id').limit(limit)
  if (afterId !== undefined) rows = rows.where('id', '>', afterId)
  return (await rows.execute()).map(toContest)
}

/** Newest first. */
export async function listContestsOf(tx: TenantTx, operatorId: string): Promise<readonly Contest[]> {
  const rows = await contests(tx)
    .where('operator_id', '=', operatorId)
    .orderBy('opened_at', 'desc')
    .limit(1_000)
    .execute()
  return rows.map(toContest)
}

export async function countOpenContests(tx: TenantTx, operatorId: string, domain: Domain): Promise<number> {
  const row = await query<OversightTables>(tx)
    .selectFrom('oversight.contest')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .where('domain', '=', domain)
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Marks open alerts about an operator that rest on a contested decision, and unmarks all others. */
export async function markContestedAlerts(tx: AuditedTx, operatorId: string, domain: Domain): Promise<void> {
  const open = await countOpenContests(tx, operatorId, domain)
  await query<OversightTables>(tx)
    .updateTable('oversight.alert')
    .set({ is_contested: open > 0 })
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .where('domain', '=', domain)
    .where('closed_at', 'is', null)
    .execute()
}

/** Contests of all organisations that are past their deadline. */
export async function listDueContests(
  tx: WriterTx,
  nowMs: number,
  limit: number,
): Promise<readonly { readonly orgId: string; readonly id: string }[]> {
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.contest')
    .select(['org_id', 'id'])
    .where('state', '=', 'open')
    .where('due_at', '<=', new Date(nowMs))
    .orderBy('due_at')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ orgId: row.org_id, id: row.id }))
}

function contests(tx: TenantTx) {
  return query<OversightTables>(tx).selectFrom('oversight.contest').selectAll().where('org_id', '=', tx.orgId)
}

function toContest(row: Selectable<OversightTables['oversight.contest']>): Contest {
  return {
    id: row.id,
    operatorId: row.operator_id,
    domain: row.domain,
    interactionId: row.interaction_id,
    sessionId: row.session_id,
    reason: row.reason,
    statement: row.statement,
    state: row.state,
    openedAtMs: row.opened_at.getTime(),
    dueAtMs: row.due_at.getTime(),
    decidedAtMs: row.decided_at?.getTime() ?? null,
    decidedBy: row.decided_by,
    remedy: row.remedy,
    answer: row.answer,
  }
}
