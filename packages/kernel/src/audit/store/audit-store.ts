import { sql } from 'kysely'
import { query, type TenantTx } from '../../db/index.ts'

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

/**
 * Appends to the org's chain, which stays locked until the transaction ends. Undefined: it is done. Otherwise the chain
 * does not end in `expected` but in this, and nothing was written.
 */
export async function appendEntries(
  tx: TenantTx,
  expected: Head,
  rows: readonly AuditRow[],
): Promise<Head | undefined> {
  const { seq, entryHash } = expected
  const { rows: answers } = await sql<{ real_seq: string | null; real_hash: string | null }>`
    SELECT * FROM gatehouse.append_audit_entries(${tx.orgId}, ${seq}, ${entryHash}, ${JSON.stringify(rows)})`.execute(
    query(tx),
  )
  const { real_seq: realSeq = null, real_hash: realHash = null } = answers[0] ?? {}
  return realSeq === null || realHash === null ? undefined : { seq: Number(realSeq), entryHash: realHash }
}

export type AuditFilter = {
  /** An exact action, or a prefix when it ends in a dot. */
  readonly action?: string | undefined
  readonly resourceType?: string | undefined
  readonly resourceId?: string | undefined
  readonly actorId?: string | undefined
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
}

/** Newest first, strictly before `beforeSeq` when given. */
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
  const { action, resourceType, resourceId, actorId, fromMs, toMs } = filter
  if (action?.endsWith('.')) rows = rows.where(sql<boolean>`starts_with(event_type, ${action})`)
  else if (action !== undefined) rows = rows.where('event_type', '=', action)
  if (resourceType !== undefined) rows = rows.where('resource_type', '=', resourceType)
  if (resourceId !== undefined) rows = rows.where('resource_id', '=', resourceId)
  if (actorId !== undefined) rows = rows.where('actor_id', '=', actorId)
  if (fromMs !== undefined) rows = rows.where('ts', '>=', new Date(fromMs))
  if (toMs !== undefined) rows = rows.where('ts', '<', new Date(toMs))
  if (page.beforeSeq !== undefined) rows = rows.where('seq', '<', String(page.beforeSeq))
  return rows.execute()
}

/** Oldest first, strictly after `afterSeq`: the order in which a chain is verified and exported. */
export async function listEntriesFrom(tx: TenantTx, afterSeq: number, limit: number): Promise<AuditRow[]> {
  return query<AuditTables>(tx)
    .selectFrom('gatehouse.audit_entry')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('seq', '>', String(afterSeq))
    .orderBy('seq')
    .limit(limit)
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
