import { query, type TelemetryTx, type TenantTx, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Assessment } from '../domain/assessment.ts'
import type { Domain } from '../domain/interaction.ts'
import type { Band } from '../domain/score.ts'
import type { OperatorDomain } from './state-store.ts'
import type { OversightTables } from './tables.ts'

/** Organisations with at least one operator who has counted interactions. */
export async function listActiveOrgs(tx: WriterTx): Promise<readonly string[]> {
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.operator_state')
    .select('org_id')
    .distinct()
    .where('counted', '>', '0')
    .orderBy('org_id')
    .execute()
  return rows.map(({ org_id: orgId }) => orgId)
}

/** States last folded before `day`, in locking order. */
export async function listUnfolded(
  tx: TenantTx,
  day: number,
  after: OperatorDomain | null,
  limit: number,
): Promise<readonly OperatorDomain[]> {
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.operator_state')
    .select(['operator_id', 'domain'])
    .where('org_id', '=', tx.orgId)
    .where('as_of_day', '<', day)
    .where('counted', '>', '0')
    .where(
      after === null
        ? sql<boolean>`true`
        : sql<boolean>`(operator_id, domain) > (${after.operatorId}, ${after.domain})`,
    )
    .orderBy('operator_id')
    .orderBy('domain')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ operatorId: row.operator_id, domain: row.domain }))
}

/** A sample of 1 % of the organisation's states; which ones depends on the day. */
export async function listSample(tx: TenantTx, day: number): Promise<readonly OperatorDomain[]> {
  const { rows } = await sql<{ operator_id: string; domain: Domain }>`
    SELECT operator_id, domain FROM oversight.operator_state
     WHERE org_id = ${tx.orgId} AND counted > 0
     ORDER BY md5(operator_id || '/' || domain || '/' || ${String(day)})
     LIMIT (SELECT ceil(count(*) / 100.0)::bigint FROM oversight.operator_state
             WHERE org_id = ${tx.orgId} AND counted > 0)`.execute(query(tx))
  return rows.map((row) => ({ operatorId: row.operator_id, domain: row.domain }))
}

/** An operator's last score of a day, kept as history. */
export type DayValue = {
  readonly day: number
  readonly jis: number | null
  readonly interval: readonly [low: number, high: number] | null
  readonly effectiveTrials: number
}

export async function listDayValues(
  tx: TenantTx,
  { operatorId, domain }: OperatorDomain,
  fromDay: number,
  toDay: number,
): Promise<readonly DayValue[]> {
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.operator_history')
    .select(['day', 'jis', 'low', 'high', 'n_effective'])
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .where('domain', '=', domain)
    .where('day', '>=', fromDay)
    .where('day', '<=', toDay)
    .execute()
  return rows.map((row) => ({
    day: row.day,
    jis: row.jis === null ? null : Number(row.jis),
    interval: row.low === null || row.high === null ? null : [Number(row.low), Number(row.high)],
    effectiveTrials: Number(row.n_effective),
  }))
}

export async function findAnnouncedBand(
  tx: TenantTx,
  { operatorId, domain }: OperatorDomain,
): Promise<Band | null> {
  const row = await query<OversightTables>(tx)
    .selectFrom('oversight.operator_state')
    .select('announced_band')
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .where('domain', '=', domain)
    .executeTakeFirst()
  return row?.announced_band ?? null
}

export async function setAnnouncedBand(
  tx: TelemetryTx,
  { operatorId, domain }: OperatorDomain,
  band: Band,
): Promise<void> {
  await query<OversightTables>(tx)
    .updateTable('oversight.operator_state')
    .set({ announced_band: band })
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .where('domain', '=', domain)
    .execute()
}

export async function findAnnouncedAssessment(tx: TelemetryTx): Promise<Assessment | null> {
  const row = await query<OversightTables>(tx)
    .selectFrom('oversight.announced_assessment')
    .select('assessment')
    .where('org_id', '=', tx.orgId)
    .forUpdate()
    .executeTakeFirst()
  return row?.assessment ?? null
}

export async function setAnnouncedAssessment(
  tx: TelemetryTx,
  assessment: Assessment,
  nowMs: number,
): Promise<void> {
  const values = { assessment, at: new Date(nowMs) }
  await query<OversightTables>(tx)
    .insertInto('oversight.announced_assessment')
    .values({ org_id: tx.orgId, ...values })
    .onConflict((conflict) => conflict.column('org_id').doUpdateSet(values))
    .execute()
}
