import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type EraserTx, type GateTx, query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { PlatformTables } from './platform-tables.ts'

/** Sets when the org is to be deleted, or null to cancel. False when nothing changed, or when it is too late. */
export async function setOrgDeletion(tx: AuditedTx, atMs: number | null, nowMs: number): Promise<boolean> {
  const { numUpdatedRows } = await query<PlatformTables>(tx)
    .updateTable('gatehouse.org')
    .set({ deletion_scheduled_at: atMs === null ? null : new Date(atMs), updated_at: new Date(nowMs) })
    .where('org_id', '=', tx.orgId)
    .where('deletion_scheduled_at', atMs === null ? 'is not' : 'is', null)
    .where('erasing_at', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** When the accounts of the org's people are to be deleted, one value per person; null for no deletion. */
export async function listMemberDeletions(tx: TenantTx): Promise<readonly (number | null)[]> {
  const rows = await query<PlatformTables>(tx)
    .selectFrom('platform.membership as member')
    .innerJoin('platform.user as user', 'user.id', 'member.user_id')
    .select('user.deletion_scheduled_at')
    .where('member.org_id', '=', tx.orgId)
    .execute()
  return rows.map(({ deletion_scheduled_at: at }) => at?.getTime() ?? null)
}

export async function listDueOrgs(tx: GateTx, nowMs: number, max: number): Promise<string[]> {
  const rows = await query<PlatformTables>(tx)
    .selectFrom('gatehouse.org')
    .select('org_id')
    .where('deletion_scheduled_at', '<=', new Date(nowMs))
    .where('erasing_at', 'is', null)
    .orderBy('deletion_scheduled_at')
    .limit(max)
    .execute()
  return rows.map((row) => row.org_id)
}

/** Orgs whose erasure has begun and has not ended, or ended after `endedAfterMs`. */
export async function listErasures(tx: GateTx, endedAfterMs: number): Promise<string[]> {
  const rows = await query<PlatformTables>(tx)
    .selectFrom('gatehouse.org')
    .select('org_id')
    .where('erasing_at', 'is not', null)
    .where((where) =>
      where.or([where('erased_at', 'is', null), where('erased_at', '>', new Date(endedAfterMs))]),
    )
    .orderBy('erasing_at')
    .execute()
  return rows.map((row) => row.org_id)
}

export type OrgLife = {
  readonly deletionScheduledAtMs: number | null
  readonly erasingAtMs: number | null
  readonly erasedAtMs: number | null
  /** True for an org of a probe run, which leaves no trace and no record in the chain. */
  readonly isThrownAway: boolean
}

export async function findOrgLife(tx: TenantTx): Promise<OrgLife> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('gatehouse.org')
    .select(['deletion_scheduled_at', 'erasing_at', 'erased_at', 'throw_away'])
    .where('org_id', '=', tx.orgId)
    .executeTakeFirstOrThrow()
  return {
    deletionScheduledAtMs: row.deletion_scheduled_at?.getTime() ?? null,
    erasingAtMs: row.erasing_at?.getTime() ?? null,
    erasedAtMs: row.erased_at?.getTime() ?? null,
    isThrownAway: row.throw_away,
  }
}

/** Suspends the org for good, which invalidates its keys and sessions, and opens its rows to the eraser role. */
export async function setErasing(tx: AuditedTx, nowMs: number): Promise<void> {
  const now = new Date(nowMs)
  const db = query<PlatformTables>(tx)
  await db
    .updateTable('gatehouse.org')
    .set({ suspended_at: sql`coalesce(suspended_at, ${now})`, erasing_at: now, updated_at: now })
    .where('org_id', '=', tx.orgId)
    .execute()
  await sql`SELECT gatehouse.invalidate(${`org:${tx.orgId}`})`.execute(db)
}

/** Clears the org's row, which stays because the chain refers to it. */
export async function setErased(tx: AuditedTx, nowMs: number): Promise<void> {
  const now = new Date(nowMs)
  await query<PlatformTables>(tx)
    .updateTable('gatehouse.org')
    .set({
      name: 'Erased',
      slug: `erased-${tx.orgId}`,
      allowed_origins: [],
      external_id: null,
      suspended_because: null,
      deletion_scheduled_at: null,
      erased_at: now,
      updated_at: now,
    })
    .where('org_id', '=', tx.orgId)
    .execute()
}

/** Deletes rows of the transaction's org, and returns how many. The table's name comes from a module's own list. */
export async function deleteOrgRows(tx: EraserTx, table: string, limit: number): Promise<number> {
  // Rows of different partitions may have the same ctid: any such row here belongs to the same org, and is to be
  // deleted as well.
  const { numAffectedRows } = await sql`
    DELETE FROM ${sql.table(table)} AS doomed
     WHERE doomed.org_id = ${tx.orgId}
       AND doomed.ctid = ANY (ARRAY(
             SELECT held.ctid FROM ${sql.table(table)} AS held WHERE held.org_id = ${tx.orgId} LIMIT ${limit}))
  `.execute(query(tx))
  return Number(numAffectedRows ?? 0)
}

/** Deletes the queued jobs of the org. */
export async function deleteOrgJobs(tx: EraserTx): Promise<void> {
  await sql`SELECT gatehouse.forget_jobs()`.execute(query(tx))
}

/** Deletes what log-ins to the org left behind; a session continues in another org of its person, if there is one. */
export async function deleteLogInsOfOrg(tx: GateTx, orgId: string): Promise<void> {
  const db = query(tx)
  await sql`
    UPDATE gatehouse.session AS s SET active_org = next.org_id
      FROM (SELECT DISTINCT ON (m.user_id) m.user_id, m.org_id
              FROM platform.membership m JOIN gatehouse.org o ON o.org_id = m.org_id
             WHERE m.org_id <> ${orgId} AND o.suspended_at IS NULL
               AND m.user_id IN (SELECT user_id FROM gatehouse.session WHERE active_org = ${orgId})
             ORDER BY m.user_id, m.created_at, m.org_id) AS next
     WHERE s.active_org = ${orgId} AND s.user_id = next.user_id`.execute(db)
  await sql`DELETE FROM gatehouse.session WHERE active_org = ${orgId}`.execute(db)
  await sql`DELETE FROM gatehouse.token_not_before WHERE for_org = ${orgId}`.execute(db)
  await sql`DELETE FROM platform.half_log_in WHERE for_org = ${orgId}`.execute(db)
  await sql`DELETE FROM platform.device_login WHERE for_org = ${orgId}`.execute(db)
  await sql`DELETE FROM platform.sso_flow WHERE for_org = ${orgId}`.execute(db)
  await sql`DELETE FROM platform.sso_link WHERE for_org = ${orgId}`.execute(db)
  await sql`DELETE FROM platform.sso_logout_token WHERE for_org = ${orgId}`.execute(db)
}
