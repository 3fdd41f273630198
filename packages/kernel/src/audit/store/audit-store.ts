import type { AuditedTx } from '../audited-tx.ts'
import { sql } from 'kysely'
import { query, readMember, type TenantTx } from '../../db/index.ts'

export type AuditRow = {
  org_id: string
  seq: string
  ts: Date
  event_type: string
  payload: string | null
  payload_hash: string
  prev_hash: string
  entry_hash: string
  key_id: string
  signature: string
  actor_id: string | null
  resource_type: string | null
  resource_id: string | null
}

export type AuditTables = {
  'gatehouse.audit_head': { org_id: string; seq: string; entry_hash: string }
  'gatehouse.audit_entry': AuditRow
}

export type Head = { readonly seq: number; readonly entryHash: string }

/** The stored head of a chain; `isDue` is true when a checkpoint has to be signed before the next entry. */
export type RealHead = Head & { readonly isDue: boolean }

/**
 * Appends to the org's chain, which stays locked until the transaction ends. Returns undefined when the entries were
 * written. Otherwise nothing was written, and the result is the stored head: either it differs from `expected`, or a
 * checkpoint is due.
 */
export async function appendEntries(
  tx: AuditedTx,
  expected: Head,
  rows: readonly AuditRow[],
): Promise<RealHead | undefined> {
  const { seq, entryHash } = expected
  const { rows: answers } = await sql<{ real_seq: string | null; real_hash: string | null; is_due: boolean }>`
    SELECT * FROM gatehouse.append_audit_entries(${tx.orgId}, ${seq}, ${entryHash}, ${JSON.stringify(rows)})`.execute(
    query(tx),
  )
  const { real_seq: realSeq = null, real_hash: realHash = null, is_due: isDue = false } = answers[0] ?? {}
  return realSeq === null || realHash === null
    ? undefined
    : { seq: Number(realSeq), entryHash: realHash, isDue }
}

export type AuditFilter = {
  /** Matches any of these: an exact action, or a prefix when it ends in a dot. */
  readonly actions?: readonly string[] | undefined
  /** Matches any of these. */
  readonly resourceTypes?: readonly string[] | undefined
  readonly resourceId?: string | undefined
  readonly actorId?: string | undefined
  /** Limits refusals to these reasons, or to all but these. */
  readonly reasons?: { readonly are: readonly string[] } | { readonly areNot: readonly string[] } | undefined
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
}

/** Entries, newest first, strictly before `beforeSeq` when given. */
export async function listEntries(
  tx: TenantTx,
  filter: AuditFilter,
  page: { readonly beforeSeq?: number | undefined; readonly limit: number },
): Promise<AuditRow[]> {
  let rows = query<AuditTables>(tx)
    .selectFrom('gatehouse.audit_entry')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .orderBy('seq', 'desc')
    .limit(page.limit)
  const { actions, resourceTypes, resourceId, actorId, reasons, fromMs, toMs } = filter
  if (actions !== undefined)
    rows = rows.where((where) =>
      where.or(
        actions.map((action) =>
          action.endsWith('.')
            ? sql<boolean>`starts_with(event_type, ${action})`
            : where('event_type', '=', action),
        ),
      ),
    )
  if (resourceTypes !== undefined)
    rows = rows.where(sql<boolean>`resource_type = ANY (${[...resourceTypes]}::text[])`)
  if (resourceId !== undefined) rows = rows.where('resource_id', '=', resourceId)
  if (actorId !== undefined) rows = rows.where('actor_id', '=', actorId)
  if (reasons !== undefined) {
    const reason = readMember(sql`payload`, 'reason')
    rows = rows.where(
      'are' in reasons
        ? sql<boolean>`${reason} = ANY (${[...reasons.are]}::text[])`
        : sql<boolean>`coalesce(${reason}, '') <> ALL (${[...reasons.areNot]}::text[])`,
    )
  }
  if (fromMs !== undefined) rows = rows.where('ts', '>=', new Date(fromMs))
  if (toMs !== undefined) rows = rows.where('ts', '<', new Date(toMs))
  if (page.beforeSeq !== undefined) rows = rows.where('seq', '<', String(page.beforeSeq))
  return rows.execute()
}

/**
 * Entries, oldest first, strictly after `afterSeq` and written at or after `fromMs`: the order in which a chain is
 * verified and exported.
 */
export async function listEntriesFrom(
  tx: TenantTx,
  afterSeq: number,
  limit: number,
  fromMs?: number,
): Promise<AuditRow[]> {
  const rows = query<AuditTables>(tx)
    .selectFrom('gatehouse.audit_entry')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('seq', '>', String(afterSeq))
    .orderBy('seq')
    .limit(limit)
  return (fromMs === undefined ? rows : rows.where('ts', '>=', new Date(fromMs))).execute()
}

/** The entries with these sequence numbers, in no particular order; missing ones are left out. */
export async function listEntriesAt(tx: TenantTx, seqs: readonly number[]): Promise<AuditRow[]> {
  if (seqs.length === 0) return []
  return query<AuditTables>(tx)
    .selectFrom('gatehouse.audit_entry')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('seq', 'in', seqs.map(String))
    .execute()
}

export async function findHead(tx: TenantTx): Promise<Head | undefined> {
  const row = await query<AuditTables>(tx)
    .selectFrom('gatehouse.audit_head')
    .select(['seq', 'entry_hash'])
    .where('org_id', '=', tx.orgId)
    .executeTakeFirst()
  return row && { seq: Number(row.seq), entryHash: row.entry_hash }
}
