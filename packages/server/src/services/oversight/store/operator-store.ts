import { query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import { type RawBuilder, sql } from 'kysely'
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

export async function findOperator(tx: TenantTx, operatorId: string): Promise<Operator | undefined> {
  const row = await query<OversightTables>(tx)
    .selectFrom('oversight.operator')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .executeTakeFirst()
  return row && toOperator(row)
}

export function toOperator(row: Omit<OperatorRow, 'org_id'>): Operator {
  return {
    operatorId: row.operator_id,
    roleClass: row.role_class,
    noticeGivenAtMs: row.notice_given_at?.getTime() ?? null,
    noticeVersion: row.notice_version,
    firstSeenAtMs: row.first_seen_at.getTime(),
    lastSeenAtMs: row.last_seen_at.getTime(),
  }
}

/** Writes the day's value, replacing an earlier one of the same day. */
export async function setHistory(
  tx: TelemetryTx,
  operatorId: string,
  domain: Domain,
  day: number,
  figures: Figures | null,
  effectiveTrials: number,
): Promise<void> {
  await toHistoryInsert(tx.orgId, [{ operatorId, domain, day, figures, effectiveTrials }]).execute(query(tx))
}

export type DayFigures = {
  readonly operatorId: string
  readonly domain: Domain
  readonly day: number
  /** Null: withheld. */
  readonly figures: Figures | null
  readonly effectiveTrials: number
}

export function toHistoryInsert(orgId: string, days: readonly DayFigures[]): RawBuilder<unknown> {
  const rows = days.map(({ operatorId, domain, day, figures, effectiveTrials }) => ({
    operator_id: operatorId,
    domain,
    day,
    jis: figures?.jis ?? null,
    low: figures?.interval?.[0] ?? null,
    high: figures?.interval?.[1] ?? null,
    dimensions: `{${Array.from({ length: 7 }, (_, at) => figures?.dimensions[at] ?? 'NULL').join(',')}}`,
    n_effective: effectiveTrials.toFixed(4),
  }))
  return sql`
    INSERT INTO oversight.operator_history (org_id, operator_id, domain, day, jis, low, high, dimensions, n_effective)
    SELECT ${orgId}::uuid, operator_id, domain, day, jis, low, high, dimensions::numeric[], n_effective
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS shown (
             operator_id text, domain text, day integer, jis numeric, low numeric, high numeric, dimensions text,
             n_effective numeric)
    ON CONFLICT (org_id, operator_id, domain, day) DO UPDATE
      SET jis = excluded.jis, low = excluded.low, high = excluded.high, dimensions = excluded.dimensions,
          n_effective = excluded.n_effective`
}

/** The last published value from `fromDay` to `toDay`, inclusive. */
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
