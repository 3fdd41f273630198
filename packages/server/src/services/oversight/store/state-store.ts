import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import { type QueryResult, type RawBuilder, sql } from 'kysely'
import type { AlertKind } from '../domain/alerts.ts'
import type { Domain } from '../domain/interaction.ts'
import type { OperatorDay, OperatorState } from '../domain/operator-state.ts'
import { daysOfMemory } from '../domain/recency.ts'
import type { CounterChange } from '../domain/operator-state.ts'
import type { Figures } from '../domain/standing.ts'
import { toHistoryInsert } from './operator-store.ts'
import type { OversightTables } from './tables.ts'

export type OperatorDomain = { readonly operatorId: string; readonly domain: Domain }

export type StoredState = {
  readonly state: OperatorState
  /** The published score; null while withheld. */
  readonly jis: number | null
  readonly lastReceivedAtMs: number
}

/** The columns that `toState` takes; integers are selected as text. */
export const stateColumns = [
  'as_of_day',
  'ledger_seq',
  'post_left',
  sql<string>`sums::text`.as('sums'),
  sql<string>`window_counts::text`.as('window_counts'),
  sql<string>`window_side::text`.as('window_side'),
  'counted',
  'first_day',
  'jis',
  'last_received_at',
] as const

/** The state, locked if it exists. */
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

/** Returns the kinds of alerts that are open for the operator in the domain, read after the state was locked. */
export async function setState(
  tx: TelemetryTx,
  key: OperatorDomain,
  state: OperatorState,
  jis: number | null,
  nowMs: number,
): Promise<readonly AlertKind[]> {
  return readOpenKinds(await toStateUpdate(tx.orgId, key, state, jis, nowMs).execute(query(tx)))
}

export type SettledState = {
  readonly state: OperatorState
  /** The published figures; null while withheld. */
  readonly figures: Figures | null
  readonly effectiveTrials: number
  readonly nowMs: number
  /** Changes to the daily counters, unless they were written before. */
  readonly changes: readonly CounterChange[]
}

/** Like `setState`, in one statement with the changed counters and the day's last value. */
export async function settleState(
  tx: AuditedTx,
  key: OperatorDomain,
  { state, figures, effectiveTrials, nowMs, changes }: SettledState,
): Promise<readonly AlertKind[]> {
  const history = { ...key, day: state.asOfDay, figures, effectiveTrials }
  return readOpenKinds(
    await sql<{ open: AlertKind[] }>`
      WITH given AS (${toChanges(changes)}),
           own_days AS (${toDayInsert(tx.orgId, key)}),
           org_days AS (${toOrgDayInsert(tx.orgId, key.domain)}),
           history AS (${toHistoryInsert(tx.orgId, history)})
      ${toStateUpdate(tx.orgId, key, state, figures?.jis ?? null, nowMs)}`.execute(query(tx)),
  )
}

function toStateUpdate(
  orgId: string,
  { operatorId, domain }: OperatorDomain,
  state: OperatorState,
  jis: number | null,
  nowMs: number,
): RawBuilder<{ open: AlertKind[] }> {
  return sql`
    UPDATE oversight.operator_state
       SET as_of_day = ${state.asOfDay}, ledger_seq = ${state.ledgerSeq}, post_left = ${state.postLeft},
           sums = ${toArray(state.sums)}::numeric[], window_counts = ${toArray(state.window)}::bigint[],
           window_side = ${toArray(state.windowSide)}::bigint[], counted = ${state.counted},
           first_day = ${state.firstDay}, jis = ${jis}, last_received_at = ${new Date(nowMs)}
     WHERE org_id = ${orgId} AND operator_id = ${operatorId} AND domain = ${domain}
    RETURNING ARRAY(SELECT kind FROM oversight.alert a
                     WHERE a.org_id = ${orgId} AND a.operator_id = ${operatorId} AND a.domain = ${domain}
                       AND a.closed_at IS NULL) AS open`
}

function readOpenKinds({ rows: [row] }: QueryResult<{ open: AlertKind[] }>): readonly AlertKind[] {
  if (row === undefined) throw new Error('A state that was locked is not there')
  return row.open
}

/** The days of an operator with a weight above 0 as of a day; with `everything`, all stored days. */
export async function listOperatorDays(
  tx: TenantTx,
  { operatorId, domain }: OperatorDomain,
  fromDay: number,
): Promise<readonly OperatorDay[]> {
  const rows = await query<OversightTables>(tx)
    .selectFrom('oversight.operator_day')
    .select(['day', sql<string>`counters::text`.as('counters'), sql<string>`side::text`.as('side')])
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
    .where('domain', '=', domain)
    .where('day', '>=', fromDay)
    .orderBy('day')
    .execute()
  return rows.map(({ day, counters, side }) => ({
    day,
    counters: readNumbers(counters),
    side: readNumbers(side),
  }))
}

/** The first day with a weight above 0 in a fold as of `day`. */
export function firstDayOf(day: number): number {
  return day - daysOfMemory
}

/** Adds integers to the days of the operator and of the organisation, which are the sum over operators. */
export async function addToDays(
  tx: AuditedTx,
  key: OperatorDomain,
  changes: readonly CounterChange[],
): Promise<void> {
  await sql`
    WITH given AS (${toChanges(changes)}), own_days AS (${toDayInsert(tx.orgId, key)})
    ${toOrgDayInsert(tx.orgId, key.domain)}`.execute(query(tx))
}

function toChanges(changes: readonly CounterChange[]): RawBuilder<unknown> {
  // In the order of days, so that all writers lock the organisation's rows in the same order.
  const rows = changes
    .toSorted((a, b) => a.day - b.day)
    .map(({ day, counters, side }) => ({ day, counters: toArray(counters), side: toArray(side) }))
  return sql`
    SELECT day, counters::bigint[], side::bigint[]
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS change (day integer, counters text, side text)`
}

function toDayInsert(orgId: string, { operatorId, domain }: OperatorDomain): RawBuilder<unknown> {
  return sql`
    INSERT INTO oversight.operator_day AS d (org_id, operator_id, domain, day, counters, side)
    SELECT ${orgId}::uuid, ${operatorId}, ${domain}, day, counters, side FROM given
    ON CONFLICT (org_id, operator_id, domain, day) DO UPDATE
      SET counters = oversight.add_counters(d.counters, excluded.counters),
          side = oversight.add_counters(d.side, excluded.side)`
}

function toOrgDayInsert(orgId: string, domain: Domain): RawBuilder<unknown> {
  return sql`
    INSERT INTO oversight.org_day AS d (org_id, domain, day, counters, side)
    SELECT ${orgId}::uuid, ${domain}, day, counters, side FROM given
    ON CONFLICT (org_id, domain, day) DO UPDATE
      SET counters = oversight.add_counters(d.counters, excluded.counters),
          side = oversight.add_counters(d.side, excluded.side)`
}

/** The text form of a PostgreSQL array. */
function toArray(values: readonly (number | bigint)[]): string {
  return `{${values.join(',')}}`
}

/** Parses a PostgreSQL array of numbers from text, as JSON, because the driver's own parser takes ten times as long. */
function readNumbers(text: string): number[] {
  // Safe: a PostgreSQL array of numbers without nulls has the same form as a JSON array, apart from the braces.
  return JSON.parse(`[${text.slice(1, -1)}]`) as number[]
}

function states(tx: TenantTx, operatorId: string) {
  return query<OversightTables>(tx)
    .selectFrom('oversight.operator_state')
    .select(['domain', ...stateColumns])
    .where('org_id', '=', tx.orgId)
    .where('operator_id', '=', operatorId)
}

/** A row with `stateColumns`. */
export type StateRow = {
  readonly as_of_day: number
  readonly ledger_seq: number
  readonly post_left: number
  readonly sums: string
  readonly window_counts: string
  readonly window_side: string
  readonly counted: string
  readonly first_day: number | null
  readonly jis: string | null
  readonly last_received_at: Date
}

export function toState(row: StateRow): StoredState {
  return {
    state: {
      asOfDay: row.as_of_day,
      ledgerSeq: row.ledger_seq,
      postLeft: row.post_left,
      sums: row.sums.slice(1, -1).split(',').map(BigInt),
      window: readNumbers(row.window_counts),
      windowSide: readNumbers(row.window_side),
      counted: Number(row.counted),
      firstDay: row.first_day,
    },
    jis: row.jis === null ? null : Number(row.jis),
    lastReceivedAtMs: row.last_received_at.getTime(),
  }
}
