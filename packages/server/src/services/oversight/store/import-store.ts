import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { type Selectable, sql } from 'kysely'
import type { Domain } from '../domain/interaction.ts'
import type { OperatorDomain } from './state-store.ts'
import type { ImportJobRow, OversightTables } from './tables.ts'

export type ImportJob = {
  readonly id: string
  readonly name: string
  readonly state: 'open' | 'finished' | 'cancelled'
  readonly onError: 'stop' | 'skip'
  readonly isDryRun: boolean
  readonly expectedLines: number | null
  readonly linesCommitted: number
  readonly counted: number
  readonly duplicates: number
  readonly rejected: number
  readonly outOfOrder: number
  readonly busyMs: number
  readonly createdAtMs: number
  readonly finishedAtMs: number | null
}

export async function insertImport(
  tx: AuditedTx,
  job: Pick<ImportJob, 'id' | 'name' | 'onError' | 'isDryRun' | 'expectedLines' | 'createdAtMs'>,
): Promise<ImportJob> {
  const row = await query<OversightTables>(tx)
    .insertInto('oversight.import_job')
    .values({
      org_id: tx.orgId,
      id: job.id,
      name: job.name,
      state: 'open',
      on_error: job.onError,
      is_dry_run: job.isDryRun,
      expected_lines: job.expectedLines === null ? null : String(job.expectedLines),
      created_at: new Date(job.createdAtMs),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toJob(row)
}

export async function findImport(tx: TenantTx, id: string): Promise<ImportJob | undefined> {
  const row = await jobs(tx, id).executeTakeFirst()
  return row && toJob(row)
}

/** Newest first. */
export async function listImports(
  tx: TenantTx,
  { beforeId, limit }: { readonly beforeId: string | undefined; readonly limit: number },
): Promise<readonly ImportJob[]> {
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.import_job')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .$if(beforeId !== undefined, (q) => q.where('id', '<', beforeId ?? ''))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(toJob)
}

/** Locks the import, so that its chunks are processed one at a time and each sees the previous one's result. */
export async function lockImport(tx: AuditedTx, id: string): Promise<ImportJob | undefined> {
  const row = await jobs(tx, id).forUpdate().executeTakeFirst()
  return row && toJob(row)
}

export type ImportProgress = {
  readonly lines: number
  readonly counted: number
  readonly duplicates: number
  readonly rejected: number
  readonly outOfOrder: number
  readonly busyMs: number
}

export async function addProgress(tx: AuditedTx, id: string, added: ImportProgress): Promise<ImportJob> {
  const row = await query<OversightTables>(tx)
    .updateTable('oversight.import_job')
    .set({
      lines_committed: sql`lines_committed + ${added.lines}`,
      counted: sql`counted + ${added.counted}`,
      duplicates: sql`duplicates + ${added.duplicates}`,
      rejected: sql`rejected + ${added.rejected}`,
      out_of_order: sql`out_of_order + ${added.outOfOrder}`,
      busy_ms: sql`busy_ms + ${Math.round(added.busyMs)}`,
    })
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toJob(row)
}

export async function setImportClosed(
  tx: AuditedTx,
  id: string,
  state: 'finished' | 'cancelled',
  nowMs: number,
): Promise<ImportJob> {
  const row = await query<OversightTables>(tx)
    .updateTable('oversight.import_job')
    .set({ state, finished_at: new Date(nowMs) })
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toJob(row)
}

export type ImportReject = {
  readonly line: number
  readonly field: string | null
  readonly message: string
}

export async function insertRejects(
  tx: AuditedTx,
  importId: string,
  rejects: readonly ImportReject[],
  nowMs: number,
): Promise<void> {
  if (rejects.length === 0) return
  await query<OversightTables>(tx)
    .insertInto('oversight.import_reject')
    .values(
      rejects.map(({ line, field, message }) => ({
        org_id: tx.orgId,
        import_id: importId,
        line: String(line),
        field,
        message,
        rejected_at: new Date(nowMs),
      })),
    )
    .execute()
}

export async function listRejects(
  tx: TenantTx,
  importId: string,
  afterLine: number,
  limit: number,
): Promise<readonly ImportReject[]> {
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.import_reject')
    .select(['line', 'field', 'message'])
    .where('org_id', '=', tx.orgId)
    .where('import_id', '=', importId)
    .where('line', '>', String(afterLine))
    .orderBy('line')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...row, line: Number(row.line) }))
}

/** The newest day with counted or uncounted interactions, by operator and domain. */
export async function findNewestDays(
  tx: TenantTx,
  keys: readonly OperatorDomain[],
): Promise<ReadonlyMap<string, number>> {
  if (keys.length === 0) return new Map()
  const { rows } = await sql<{ operator_id: string; domain: Domain; day: number | null }>`
    SELECT k.operator_id, k.domain,
           (SELECT max(day) FROM oversight.operator_day d
             WHERE d.org_id = ${tx.orgId} AND d.operator_id = k.operator_id AND d.domain = k.domain) AS day
      FROM unnest(${keys.map(({ operatorId }) => operatorId)}::text[],
                  ${keys.map(({ domain }) => domain)}::text[]) AS k (operator_id, domain)`.execute(query(tx))
  return new Map(
    rows.flatMap((row) => (row.day === null ? [] : [[`${row.operator_id}/${row.domain}`, row.day]])),
  )
}

function jobs(tx: TenantTx, id: string) {
  return query<OversightTables>(tx)
    .selectFrom('oversight.import_job')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
}

function toJob(row: Selectable<ImportJobRow>): ImportJob {
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    onError: row.on_error,
    isDryRun: row.is_dry_run,
    expectedLines: row.expected_lines === null ? null : Number(row.expected_lines),
    linesCommitted: Number(row.lines_committed),
    counted: Number(row.counted),
    duplicates: Number(row.duplicates),
    rejected: Number(row.rejected),
    outOfOrder: Number(row.out_of_order),
    busyMs: Number(row.busy_ms),
    createdAtMs: row.created_at.getTime(),
    finishedAtMs: row.finished_at?.getTime() ?? null,
  }
}
