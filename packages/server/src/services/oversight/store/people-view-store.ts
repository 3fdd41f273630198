import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Domain } from '../domain/interaction.ts'
import type { RoleClass } from '../domain/settings.ts'
import { type StoredInteraction, toInteraction } from './interaction-store.ts'
import type { OversightTables } from './tables.ts'

export type ReceivedSpan = {
  readonly sinceMs: number | undefined
  readonly untilMs: number | undefined
  readonly beforeId: string | undefined
  readonly limit: number
}

/** Interactions received from an operator, newest first. */
export async function listReceived(
  tx: TenantTx,
  operatorId: string,
  { sinceMs, untilMs, beforeId, limit }: ReceivedSpan,
): Promise<readonly StoredInteraction[]> {
  let rows = query<OversightTables>(tx)
    .selectFrom('oversight.interaction')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .orderBy('id', 'desc')
    .limit(limit)
  if (sinceMs !== undefined) rows = rows.where('received_at', '>=', new Date(sinceMs))
  if (untilMs !== undefined) rows = rows.where('received_at', '<', new Date(untilMs))
  if (beforeId !== undefined) rows = rows.where('id', '<', beforeId)
  return (await rows.execute()).map(toInteraction)
}

export type OperatorUpdate = {
  readonly roleClass: RoleClass | undefined
  readonly noticeGivenAtMs: number | null | undefined
  readonly noticeVersion: string | null | undefined
}

/** False: there is no such operator. */
export async function setOperator(
  tx: AuditedTx,
  operatorId: string,
  { roleClass, noticeGivenAtMs, noticeVersion }: OperatorUpdate,
): Promise<boolean> {
  const { numUpdatedRows } = await query<OversightTables>(tx)
    .updateTable('oversight.operator')
    .set({
      ...(roleClass === undefined ? {} : { role_class: roleClass }),
      ...(noticeGivenAtMs === undefined
        ? {}
        : { notice_given_at: noticeGivenAtMs === null ? null : new Date(noticeGivenAtMs) }),
      ...(noticeVersion === undefined ? {} : { notice_version: noticeVersion }),
    })
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export type OperatorFilter = {
  /** Range of published scores: from the first (inclusive) to the second (exclusive). */
  readonly between: readonly [from: number, below: number] | undefined
  readonly roleClass: RoleClass | undefined
  readonly hasAlert: boolean | undefined
  readonly before: { readonly seenAtMs: number; readonly operatorId: string } | undefined
  readonly limit: number
}

export type ListedOperator = {
  readonly operatorId: string
  readonly roleClass: RoleClass
  readonly noticeGivenAtMs: number | null
  readonly noticeVersion: string | null
  readonly firstSeenAtMs: number
  readonly lastSeenAtMs: number
  readonly alertsOpen: number
  readonly domains: readonly {
    readonly domain: Domain
    readonly counted: number
    readonly jis: number | null
    /** The interval on the day on which the score was last computed. */
    readonly interval: [low: number, high: number] | null
  }[]
}

/** Most recent activity first. */
export async function listOperators(
  tx: TenantTx,
  { between, roleClass, hasAlert, before, limit }: OperatorFilter,
): Promise<readonly ListedOperator[]> {
  const ofState = sql`FROM oversight.operator_state s WHERE s.org_id = o.org_id AND s.operator_id = o.operator_id`
  const openAlerts = sql`
    (SELECT count(*) FROM oversight.alert a
      WHERE a.org_id = o.org_id AND a.operator_id = o.operator_id AND a.closed_at IS NULL)`
  const conditions = [
    sql`o.org_id = ${tx.orgId}`,
    ...(between === undefined
      ? []
      : [sql`EXISTS (SELECT ${ofState} AND s.jis >= ${between[0]} AND s.jis < ${between[1]})`]),
    ...(roleClass === undefined ? [] : [sql`o.role_class = ${roleClass}`]),
    ...(hasAlert === undefined ? [] : [sql`(${openAlerts} > 0) = ${hasAlert}`]),
    ...(before === undefined
      ? []
      : [
          sql`(o.last_seen_at < ${new Date(before.seenAtMs)}
               OR (o.last_seen_at = ${new Date(before.seenAtMs)} AND o.operator_id > ${before.operatorId}))`,
        ]),
  ]
  const { rows } = await sql<{
    operator_id: string
    role_class: RoleClass
    notice_given_at: Date | null
    notice_version: string | null
    first_seen_at: Date
    last_seen_at: Date
    alerts_open: string
    domains:
      | { domain: Domain; counted: number; jis: number | null; low: number | null; high: number | null }[]
      | null
  }>`
    SELECT o.operator_id, o.role_class, o.notice_given_at, o.notice_version, o.first_seen_at, o.last_seen_at,
           ${openAlerts} AS alerts_open,
           (SELECT jsonb_agg(jsonb_build_object('domain', s.domain, 'counted', s.counted, 'jis', s.jis,
                                                'low', h.low, 'high', h.high) ORDER BY s.domain)
              FROM oversight.operator_state s
              LEFT JOIN LATERAL (
                SELECT low, high FROM oversight.operator_history
                 WHERE org_id = s.org_id AND operator_id = s.operator_id AND domain = s.domain
                 ORDER BY day DESC LIMIT 1) h ON true
             WHERE s.org_id = o.org_id AND s.operator_id = o.operator_id) AS domains
      FROM oversight.operator o
     WHERE ${sql.join(conditions, sql` AND `)}
     ORDER BY o.last_seen_at DESC, o.operator_id LIMIT ${limit}`.execute(query(tx))
  return rows.map((row) => ({
    operatorId: row.operator_id,
    roleClass: row.role_class,
    noticeGivenAtMs: row.notice_given_at?.getTime() ?? null,
    noticeVersion: row.notice_version,
    firstSeenAtMs: row.first_seen_at.getTime(),
    lastSeenAtMs: row.last_seen_at.getTime(),
    alertsOpen: Number(row.alerts_open),
    domains: (row.domains ?? []).map(({ low, high, ...one }) => ({
      ...one,
      interval: one.jis === null || low === null || high === null ? null : [low, high],
    })),
  }))
}
