import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { AlertKind } from '../domain/alerts.ts'
import type { Domain } from '../domain/interaction.ts'
import type { OperatorDay, OperatorState } from '../domain/operator-state.ts'
import { daysOfMemory } from '../domain/recency.ts'
import type { CounterChange } from '../domain/operator-state.ts'
import type { OversightTables } from './tables.ts'

export type OperatorDomain = { readonly operatorId: string; readonly domain: Domain }

export type StoredState = {
  readonly state: OperatorState
  /** The published score; null while withheld. */
  readonly jis: number | null
  readonly lastReceivedAtMs: number
}

/** What `toState` takes: whole numbers come as text. */
export const stateColumns = [
  'as_of_day',
  'ledger_seq',
  'post_left',
  sql<string[]>`sums::text[]`.as('sums'),
  sql<string[]>`window_counts::text[]`.as('window_counts'),
  sql<string[]>`window_side::text[]`.as('window_side'),
  'counted',
  'first_day',
  'jis',
  'last_received_at',
] as const

/**
 * Locks the state of an operator in a domain, making it first where there is none. Callers lock several in the order of
 * operator and domain.
 */
export async function lockState(
  tx: AuditedTx,
  { operatorId, domain }: OperatorDomain,
  empty: OperatorState,
  nowMs: number,
): Promise<StoredState> {
  await query<OversightTables>(tx)
    .insertInto('oversight.operator_state')
    .values({
      org_id: tx.orgId,
      operator_id: operatorId,
      domain,
      ...toColumns(empty),
      jis: null,
      last_received_at: new Date(nowMs),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const found = await states(tx, operatorId)
    .where('domain', '=', domain)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
  return toState(found)
}

/** The state, locked if there is one. */
export async function findLockedState(
  tx: TelemetryTx,
  { operatorId, domain }: OperatorDomain,
): Promise<StoredState | undefined> {
  const row = await states(tx, operatorId).where('domain', '=', domain).forNoKeyUpdate().executeTakeFirst()
  return row && toState(row)
}

export async function findState(
  tx: TenantTx,
  { operatorId, domain }: OperatorDomain,
): Promise<StoredState | undefined> {
  const row = await states(tx, operatorId).where('domain', '=', domain).executeTakeFirst()
  return row && toState(row)
}

/** Every domain in which the operator has a state. */
export async function listStates(
  tx: TenantTx,
  operatorId: string,
): Promise<readonly (StoredState & { readonly domain: Domain })[]> {
  const rows = await states(tx, operatorId).execute()
  return rows.map((row) => ({ ...toState(row), domain: row.domain }))
}

/** Gives the kinds of the alerts that are open for the operator in the domain, as of behind the state's lock. */
export async function setState(
  tx: TelemetryTx,
  { operatorId, domain }: OperatorDomain,
  state: OperatorState,
  jis: number | null,
  nowMs: number,
): Promise<readonly AlertKind[]> {
  const { open } = await query<OversightTables>(tx)
    .updateTable('oversight.operator_state')
    .set({
      ...toColumns(state),
      jis: jis === null ? null : String(jis),
      last_received_at: new Date(nowMs),
    })
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .where('domain', '=', domain)
    .returning(
      sql<AlertKind[]>`ARRAY(SELECT kind FROM oversight.alert a
                              WHERE a.org_id = ${tx.orgId} AND a.operator_id = ${operatorId} AND a.domain = ${domain}
                                AND a.closed_at IS NULL)`.as('open'),
    )
    .executeTakeFirstOrThrow()
  return open
}

/** The days of an operator that still weigh something as of a day, and all that are still kept with `everything`. */
export async function listOperatorDays(
  tx: TenantTx,
  { operatorId, domain }: OperatorDomain,
  fromDay: number,
): Promise<readonly OperatorDay[]> {
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.operator_day')
    .select(['day', sql<string[]>`counters::text[]`.as('counters'), sql<string[]>`side::text[]`.as('side')])
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .where('domain', '=', domain)
    .where('day', '>=', fromDay)
    .orderBy('day')
    .execute()
  return rows.map(({ day, counters, side }) => ({
    day,
    counters: counters.map(Number),
    side: side.map(Number),
  }))
}

/** The first day that a fold as of `day` can still see. */
export function firstDayOf(day: number): number {
  return day - daysOfMemory
}

/** Adds whole numbers to the days of the operator and, since those are their sum, of the organisation. */
export async function addToDays(
  tx: AuditedTx,
  { operatorId, domain }: OperatorDomain,
  changes: readonly CounterChange[],
): Promise<void> {
  for (const { day, counters, side } of changes) {
    const [added, sideAdded] = [toArray(counters), toArray(side)]
    await sql`
      INSERT INTO oversight.operator_day AS d (org_id, operator_id, domain, day, counters, side)
      VALUES (${tx.orgId}, ${operatorId}, ${domain}, ${day}, ${added}::bigint[], ${sideAdded}::bigint[])
      ON CONFLICT (org_id, operator_id, domain, day) DO UPDATE
        SET counters = oversight.add_counters(d.counters, excluded.counters),
            side = oversight.add_counters(d.side, excluded.side)`.execute(query(tx))
  }
  for (const { day, counters, side } of changes) {
    const [added, sideAdded] = [toArray(counters), toArray(side)]
    await sql`
      INSERT INTO oversight.org_day AS d (org_id, domain, day, counters, side)
      VALUES (${tx.orgId}, ${domain}, ${day}, ${added}::bigint[], ${sideAdded}::bigint[])
      ON CONFLICT (org_id, domain, day) DO UPDATE
        SET counters = oversight.add_counters(d.counters, excluded.counters),
            side = oversight.add_counters(d.side, excluded.side)`.execute(query(tx))
  }
}

function toArray(values: readonly number[]): string {
  return `{${values.join(',')}}`
}

function states(tx: TenantTx, operatorId: string) {
  return query<OversightTables>(tx)
    .selectFrom('oversight.operator_state')
    .select(['domain', ...stateColumns])
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
}

function toColumns(state: OperatorState) {
  return {
    as_of_day: state.asOfDay,
    ledger_seq: state.ledgerSeq,
    post_left: state.postLeft,
    sums: state.sums.map(String),
    window_counts: state.window.map(String),
    window_side: state.windowSide.map(String),
    counted: String(state.counted),
    first_day: state.firstDay,
  }
}

export function toState(row: {
  readonly as_of_day: number
  readonly ledger_seq: number
  readonly post_left: number
  readonly sums: readonly string[]
  readonly window_counts: readonly string[]
  readonly window_side: readonly string[]
  readonly counted: string
  readonly first_day: number | null
  readonly jis: string | null
  readonly last_received_at: Date
}): StoredState {
  return {
    state: {
      asOfDay: row.as_of_day,
      ledgerSeq: row.ledger_seq,
      postLeft: row.post_left,
      sums: row.sums.map(BigInt),
      window: row.window_counts.map(Number),
      windowSide: row.window_side.map(Number),
      counted: Number(row.counted),
      firstDay: row.first_day,
    },
    jis: row.jis === null ? null : Number(row.jis),
    lastReceivedAtMs: row.last_received_at.getTime(),
  }
}
