import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import { type RawBuilder, sql } from 'kysely'
import type { AlertKind } from '../domain/alerts.ts'
import type { Domain } from '../domain/interaction.ts'
import {
  addChanges,
  type CounterChange,
  type OperatorDay,
  type OperatorState,
} from '../domain/operator-state.ts'
import { daysOfMemory } from '../domain/recency.ts'
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
  const { rows } = await toStateUpdate(tx.orgId, [{ ...key, state, jis, nowMs }]).execute(query(tx))
  const [row] = rows
  if (row === undefined) throw new Error(gone)
  return row.open
}

export type SettledState = OperatorDomain & {
  readonly state: OperatorState
  /** The published figures; null while withheld. */
  readonly figures: Figures | null
  readonly effectiveTrials: number
  readonly nowMs: number
  /** Changes to the daily counters, unless they were written before. */
  readonly changes: readonly CounterChange[]
}

/**
 * Like `setState` for several states, in one statement with the changed counters and the last values of the day. The
 * kinds of open alerts are in the order of the states.
 */
export async function settleStates(
  tx: AuditedTx,
  settled: readonly SettledState[],
): Promise<readonly (readonly AlertKind[])[]> {
  const changes = settled.flatMap(({ operatorId, domain, changes: own }) =>
    own.map((change) => ({ operatorId, domain, ...change })),
  )
  const history = settled.map((one) => ({ ...one, day: one.state.asOfDay }))
  const updated = settled.map(({ figures, ...one }) => ({ ...one, jis: figures?.jis ?? null }))
  const { rows } = await sql<OpenKindsRow>`
    WITH own_days AS (${toDayInsert(tx.orgId, changes)}),
         org_days AS (${toOrgDayInsert(tx.orgId, changes)}),
         history AS (${toHistoryInsert(tx.orgId, history)})
    ${toStateUpdate(tx.orgId, updated)}`.execute(query(tx))
  const openKinds = new Map(rows.map((row) => [`${row.operator_id}/${row.domain}`, row.open]))
  return settled.map(({ operatorId, domain }) => {
    const open = openKinds.get(`${operatorId}/${domain}`)
    if (open === undefined) throw new Error(gone)
    return open
  })
}

const gone = 'A state that was locked is not there'

type OpenKindsRow = { readonly operator_id: string; readonly domain: Domain; readonly open: AlertKind[] }

type NewState = OperatorDomain & {
  readonly state: OperatorState
  readonly jis: number | null
  readonly nowMs: number
}

function toStateUpdate(orgId: string, updated: readonly NewState[]): RawBuilder<OpenKindsRow> {
  const rows = updated.map(({ operatorId, domain, state, jis, nowMs }) => ({
    operator_id: operatorId,
    domain,
    as_of_day: state.asOfDay,
    ledger_seq: state.ledgerSeq,
    post_left: state.postLeft,
    sums: toArray(state.sums),
    window_counts: toArray(state.window),
    window_side: toArray(state.windowSide),
    counted: state.counted,
    first_day: state.firstDay,
    jis,
    last_received_at: new Date(nowMs),
  }))
  return sql`
    UPDATE oversight.operator_state AS s
       SET as_of_day = settled.as_of_day, ledger_seq = settled.ledger_seq, post_left = settled.post_left,
           sums = settled.sums::numeric[], window_counts = settled.window_counts::bigint[],
           window_side = settled.window_side::bigint[], counted = settled.counted, first_day = settled.first_day,
           jis = settled.jis, last_received_at = settled.last_received_at
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS settled (
             operator_id text, domain text, as_of_day integer, ledger_seq integer, post_left smallint, sums text,
             window_counts text, window_side text, counted bigint, first_day integer, jis numeric,
             last_received_at timestamptz)
     WHERE s.org_id = ${orgId} AND s.operator_id = settled.operator_id AND s.domain = settled.domain
    RETURNING s.operator_id, s.domain,
              ARRAY(SELECT kind FROM oversight.alert a
                     WHERE a.org_id = ${orgId} AND a.operator_id = s.operator_id AND a.domain = s.domain
                       AND a.closed_at IS NULL) AS open`
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
  const own = changes.map((change) => ({ ...key, ...change }))
  await sql`
    WITH own_days AS (${toDayInsert(tx.orgId, own)}) ${toOrgDayInsert(tx.orgId, own)}`.execute(query(tx))
}

type OwnChange = OperatorDomain & CounterChange

function toDayInsert(orgId: string, changes: readonly OwnChange[]): RawBuilder<unknown> {
  const rows = changes.map((change) => ({ operator_id: change.operatorId, ...toChangeRow(change) }))
  return sql`
    INSERT INTO oversight.operator_day AS d (org_id, operator_id, domain, day, counters, side)
    SELECT ${orgId}::uuid, operator_id, domain, day, counters::bigint[], side::bigint[]
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS change (
             operator_id text, domain text, day integer, counters text, side text)
    ON CONFLICT (org_id, operator_id, domain, day) DO UPDATE
      SET counters = oversight.add_counters(d.counters, excluded.counters),
          side = oversight.add_counters(d.side, excluded.side)`
}

function toOrgDayInsert(orgId: string, changes: readonly OwnChange[]): RawBuilder<unknown> {
  // Summed first, because one statement cannot change a row twice.
  const sums = new Map<string, Omit<OwnChange, 'operatorId'>>()
  for (const change of changes) {
    const name = `${change.domain}/${change.day}`
    const before = sums.get(name)
    sums.set(name, before === undefined ? change : { domain: change.domain, ...addChanges(before, change) })
  }
  // In the order of domains and days, so that all writers lock the organisation's rows in the same order.
  const rows = [...sums.values()]
    .toSorted((a, b) => (a.domain === b.domain ? a.day - b.day : a.domain < b.domain ? -1 : 1))
    .map(toChangeRow)
  return sql`
    INSERT INTO oversight.org_day AS d (org_id, domain, day, counters, side)
    SELECT ${orgId}::uuid, domain, day, counters::bigint[], side::bigint[]
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS change (
             domain text, day integer, counters text, side text)
    ON CONFLICT (org_id, domain, day) DO UPDATE
      SET counters = oversight.add_counters(d.counters, excluded.counters),
          side = oversight.add_counters(d.side, excluded.side)`
}

function toChangeRow({ domain, day, counters, side }: Omit<OwnChange, 'operatorId'>) {
  return { domain, day, counters: toArray(counters), side: toArray(side) }
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
