import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Domain } from '../domain/interaction.ts'
import type { OperatorDay } from '../domain/operator-state.ts'
import { type LedgerEvent, type StoredInteraction, toInteraction } from './interaction-store.ts'
import type { OperatorDomain } from './state-store.ts'
import type { InteractionRow, OversightTables } from './tables.ts'
import type { Selectable } from 'kysely'

/** An interaction with the data of its newest event: null if it left the counters. */
export type LedgerHead = { readonly stored: StoredInteraction; readonly data: LedgerEvent['data'] }

/** Interactions counted on or after `fromDay`, in the order of their scores. */
export async function listLedgerHeads(
  tx: TenantTx,
  { operatorId, domain }: OperatorDomain,
  fromDay: number,
  afterSeq: number,
  limit: number,
): Promise<readonly LedgerHead[]> {
  const { rows } = await sql<Selectable<InteractionRow> & { head: LedgerEvent['data'] }>`
    SELECT i.*, e.data AS head
      FROM oversight.interaction i
      JOIN LATERAL (SELECT data FROM oversight.ledger_event
                     WHERE org_id = i.org_id AND interaction_id = i.id ORDER BY ledger_seq DESC LIMIT 1) AS e ON true
     WHERE i.org_id = ${tx.orgId} AND i.operator_id = ${operatorId} AND i.domain = ${domain} AND i.day >= ${fromDay}
       AND i.ledger_seq > ${afterSeq}
     ORDER BY i.ledger_seq LIMIT ${limit}`.execute(query(tx))
  return rows.map(({ head, ...row }) => ({ stored: toInteraction(row), data: head }))
}

export async function findLastSeq(tx: TenantTx, { operatorId, domain }: OperatorDomain): Promise<number> {
  const row = await query<OversightTables>(tx)
    .selectFrom('oversight.ledger_event')
    .select('ledger_seq')
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .where('domain', '=', domain)
    .orderBy('ledger_seq', 'desc')
    .executeTakeFirst()
  return row?.ledger_seq ?? 0
}

/** Replaces the stored rows of these days. */
export async function setDays(
  tx: AuditedTx,
  { operatorId, domain }: OperatorDomain,
  days: readonly OperatorDay[],
): Promise<void> {
  for (const { day, counters, side } of days)
    await sql`
      INSERT INTO oversight.operator_day (org_id, operator_id, domain, day, counters, side)
      VALUES (${tx.orgId}, ${operatorId}, ${domain}, ${day}, ${toArray(counters)}::bigint[], ${toArray(side)}::bigint[])
      ON CONFLICT (org_id, operator_id, domain, day) DO UPDATE
        SET counters = excluded.counters, side = excluded.side`.execute(query(tx))
}

/** Recomputes the organisation's days as the sum over its operators. */
export async function setOrgDays(tx: AuditedTx, domain: Domain, days: readonly number[]): Promise<void> {
  if (days.length === 0) return
  // Locks the rows first, so that concurrent additions are applied after this write.
  await sql`
    SELECT FROM oversight.org_day
     WHERE org_id = ${tx.orgId} AND domain = ${domain} AND day = ANY (${[...days]}::integer[])
     ORDER BY day FOR UPDATE`.execute(query(tx))
  await sql`
    INSERT INTO oversight.org_day (org_id, domain, day, counters, side)
    SELECT org_id, domain, day, oversight.sum_counters(counters), oversight.sum_counters(side)
      FROM oversight.operator_day
     WHERE org_id = ${tx.orgId} AND domain = ${domain} AND day = ANY (${[...days]}::integer[])
     GROUP BY org_id, domain, day
    ON CONFLICT (org_id, domain, day) DO UPDATE SET counters = excluded.counters, side = excluded.side`.execute(
    query(tx),
  )
}

function toArray(values: readonly number[]): string {
  return `{${values.join(',')}}`
}
