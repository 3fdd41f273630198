import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Domain } from '../domain/interaction.ts'
import type { RoleClass } from '../domain/settings.ts'
import type { Figures } from '../domain/standing.ts'
import type { OperatorRow, OversightTables } from './tables.ts'

export type Operator = {
  readonly operatorId: string
  readonly roleClass: RoleClass
  readonly noticeGivenAtMs: number | null
  readonly noticeVersion: string | null
  readonly firstSeenAtMs: number
  readonly lastSeenAtMs: number
}

/** Makes the operator on first sight, and notes that they were seen. */
export async function seeOperator(
  tx: AuditedTx,
  operatorId: string,
  roleClass: RoleClass,
  nowMs: number,
): Promise<Operator & { readonly isNew: boolean }> {
  const row = await query<OversightTables>(tx)
    .insertInto('oversight.operator')
    .values({
      org_id: tx.orgId,
      operator_id: operatorId,
      role_class: roleClass,
      notice_given_at: null,
      notice_version: null,
      first_seen_at: new Date(nowMs),
      last_seen_at: new Date(nowMs),
    })
    .onConflict((conflict) =>
      conflict
        .columns(['org_id', 'operator_id'])
        .doUpdateSet({ last_seen_at: sql`greatest(oversight.operator.last_seen_at, excluded.last_seen_at)` }),
    )
    .returningAll()
    // Only a row that this very statement inserted has no deleter.
    .returning(sql<boolean>`xmax = 0`.as('is_new'))
    .executeTakeFirstOrThrow()
  return { ...toOperator(row), isNew: row.is_new }
}

export async function findOperator(tx: TenantTx, operatorId: string): Promise<Operator | undefined> {
  const row = await query<OversightTables>(tx)
    .selectFrom('oversight.operator')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .executeTakeFirst()
  return row && toOperator(row)
}

function toOperator(row: OperatorRow): Operator {
  return {
    operatorId: row.operator_id,
    roleClass: row.role_class,
    noticeGivenAtMs: row.notice_given_at?.getTime() ?? null,
    noticeVersion: row.notice_version,
    firstSeenAtMs: row.first_seen_at.getTime(),
    lastSeenAtMs: row.last_seen_at.getTime(),
  }
}

/** Keeps the last value of the day. */
export async function setHistory(
  tx: TelemetryTx,
  operatorId: string,
  domain: Domain,
  day: number,
  figures: Figures | null,
  effectiveTrials: number,
): Promise<void> {
  const values = {
    jis: figures === null ? null : String(figures.jis),
    low: figures?.interval == null ? null : String(figures.interval[0]),
    high: figures?.interval == null ? null : String(figures.interval[1]),
    dimensions: Array.from({ length: 7 }, (_, at) => {
      const value = figures?.dimensions[at] ?? null
      return value === null ? null : String(value)
    }),
    n_effective: effectiveTrials.toFixed(4),
  }
  await query<OversightTables>(tx)
    .insertInto('oversight.operator_history')
    .values({ org_id: tx.orgId, operator_id: operatorId, domain, day, ...values })
    .onConflict((conflict) =>
      conflict.columns(['org_id', 'operator_id', 'domain', 'day']).doUpdateSet(values),
    )
    .execute()
}

/** The last published value from `fromDay` to `toDay`, both included. */
export async function findLastPublished(
  tx: TenantTx,
  operatorId: string,
  domain: Domain,
  fromDay: number,
  toDay: number,
): Promise<{ readonly jis: number } | null> {
  const row = await query<OversightTables>(tx)
    .selectFrom('oversight.operator_history')
    .select('jis')
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .where('domain', '=', domain)
    .where('day', '>=', fromDay)
    .where('day', '<=', toDay)
    .where('jis', 'is not', null)
    .orderBy('day', 'desc')
    .executeTakeFirst()
  return row === undefined || row.jis === null ? null : { jis: Number(row.jis) }
}
