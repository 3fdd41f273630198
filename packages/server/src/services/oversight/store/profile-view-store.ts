import { query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type Selectable, sql } from 'kysely'
import { lookGapMs, type NotedView, type ViewerKind, type ViewWay } from '../domain/profile-view.ts'
import type { OversightTables } from './tables.ts'

/** One reader of one operator on one day. */
export type ProfileViewer = {
  readonly operatorId: string
  /** UTC day number since 1970-01-01. */
  readonly day: number
  readonly actorKind: ViewerKind
  readonly actorId: string
}

export type ProfileView = ProfileViewer & { readonly way: ViewWay }

export type StoredView = ProfileViewer & NotedView & { readonly firstAtMs: number; readonly looks: number }

export async function findView(
  tx: TenantTx,
  { operatorId, day, actorKind, actorId }: ProfileViewer,
): Promise<StoredView | undefined> {
  const row = await views(tx, operatorId)
    .where('day', '=', day)
    .where('actor_kind', '=', actorKind)
    .where('actor_id', '=', actorId)
    .executeTakeFirst()
  return row && toView(row)
}

/** False: a concurrent look of the same reader on that day came first. */
export async function insertView(tx: AuditedTx, view: ProfileView, nowMs: number): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await query<OversightTables>(tx)
    .insertInto('oversight.profile_view')
    .values(toRow(tx, view, nowMs))
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Counts a look: a reader's first on that day makes the row, and those within the gap are one. */
export async function countView(
  tx: AuditedTx | TelemetryTx,
  view: ProfileView,
  nowMs: number,
): Promise<void> {
  const { way } = view
  const row = 'oversight.profile_view'
  const isLater = sql<boolean>`coalesce(${sql.ref(`${row}.last_at`)}, ${sql.ref(`${row}.at`)}) <= ${new Date(nowMs - lookGapMs)}`
  const isKnownWay = sql<boolean>`${way} = ANY (${sql.ref(`${row}.ways`)})`
  await query<OversightTables>(tx)
    .insertInto(row)
    .values(toRow(tx, view, nowMs))
    .onConflict((conflict) =>
      conflict
        .columns(['org_id', 'operator_id', 'day', 'actor_kind', 'actor_id'])
        .doUpdateSet({
          last_at: sql`greatest(${new Date(nowMs)}, ${sql.ref(`${row}.last_at`)}, ${sql.ref(`${row}.at`)})`,
          looks: sql`${sql.ref(`${row}.looks`)} + 1`,
          ways: sql`CASE WHEN ${isKnownWay} THEN ${sql.ref(`${row}.ways`)} ELSE ${sql.ref(`${row}.ways`)} || ${way}::text END`,
        })
        .where(sql<boolean>`${isLater} OR NOT (${isKnownWay})`),
    )
    .execute()
}

/** Newest first. */
export async function listViews(
  tx: TenantTx,
  operatorId: string,
  limit: number,
  after?: { readonly firstAtMs: number; readonly actorKind: string; readonly actorId: string },
): Promise<readonly StoredView[]> {
  let rows = views(tx, operatorId)
  if (after !== undefined) {
    const { firstAtMs, actorKind, actorId } = after
    const at = new Date(firstAtMs)
    rows = rows.where(
      sql<boolean>`(at < ${at} OR (at = ${at} AND (actor_kind, actor_id) > (${actorKind}, ${actorId})))`,
    )
  }
  const found = await rows
    .orderBy('at', 'desc')
    .orderBy('actor_kind')
    .orderBy('actor_id')
    .limit(limit)
    .execute()
  return found.map(toView)
}

function views(tx: TenantTx, operatorId: string) {
  return query<OversightTables>(tx)
    .selectFrom('oversight.profile_view')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
}

function toRow({ orgId }: TenantTx, view: ProfileView, nowMs: number) {
  return {
    org_id: orgId,
    operator_id: view.operatorId,
    day: view.day,
    actor_kind: view.actorKind,
    actor_id: view.actorId,
    at: new Date(nowMs),
    last_at: null,
    looks: 1,
    ways: [view.way],
  }
}

function toView(row: Selectable<OversightTables['oversight.profile_view']>): StoredView {
  return {
    operatorId: row.operator_id,
    day: row.day,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    firstAtMs: row.at.getTime(),
    lastAtMs: (row.last_at ?? row.at).getTime(),
    looks: row.looks,
    // Rows of before say by their reader how they looked.
    ways: row.ways.length > 0 ? row.ways : [row.actor_kind === 'key' ? 'api' : 'screen'],
  }
}
