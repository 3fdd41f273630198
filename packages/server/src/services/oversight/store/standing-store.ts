import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { type RawBuilder, sql } from 'kysely'
import type { Domain } from '../domain/interaction.ts'
import type { Norm } from '../domain/norm.ts'
import type { OperatorState } from '../domain/operator-state.ts'
import { defaultSettings } from '../domain/settings.ts'
import type { EarlierValue } from '../domain/standing.ts'
import { type Operator, toOperator } from './operator-store.ts'
import {
  type NormRow,
  type SettingsRow,
  toNorm,
  toVersionedSettings,
  type VersionedSettings,
} from './rule-store.ts'
import { type OperatorDomain, type StateRow, type StoredState, toState } from './state-store.ts'
import type { OperatorRow } from './tables.ts'

/** The data from which an operator's standing in a domain is computed. */
export type StandingFacts = {
  readonly operator: Operator
  readonly domain: Domain
  readonly stored: StoredState
  /** The day of the computation: the requested one, or that of the state if it is later. */
  readonly today: number
  readonly versioned: VersionedSettings
  /** The norm in force on that day. */
  readonly norm: Norm
  /** The published value that a trend is measured against. */
  readonly earlier: EarlierValue
}

/** The facts of a locked state, and whether its operator was inserted with it. */
export type LockedFacts = StandingFacts & { readonly isNewOperator: boolean }

/** The day of the computation, and how many days before it the value for the trend may lie. */
export type AsOf = {
  readonly day: number
  readonly trendDays: { readonly from: number; readonly to: number }
}

/** The facts of every domain in which the operator has a state, in one statement. */
export async function listStandingFacts(
  tx: TenantTx,
  operatorId: string,
  asOf: AsOf,
): Promise<readonly StandingFacts[]> {
  const { rows } = await sql<FactsRow>`
    ${selectFacts(asOf)}
      FROM oversight.operator AS o
      JOIN oversight.operator_state AS s ON s.org_id = o.org_id AND s.operator_id = o.operator_id
      ${joinRules(asOf)}
     WHERE o.org_id = ${tx.orgId} AND o.operator_id = ${operatorId}`.execute(query(tx))
  return rows.map(toFacts)
}

/**
 * Records the activity of operators, locks their states in these domains and reads the facts, in one statement. Inserts
 * operators and states that are missing. Locks in the order of operator and domain, to avoid deadlocks.
 */
export async function lockStandingFacts(
  tx: AuditedTx,
  keys: readonly OperatorDomain[],
  empty: OperatorState,
  nowMs: number,
  asOf: AsOf,
): Promise<readonly LockedFacts[]> {
  const now = sql`${new Date(nowMs)}::timestamptz`
  const { rows } = await sql<FactsRow & { readonly is_new: boolean }>`
    WITH wanted AS (
      SELECT operator_id, domain
        FROM unnest(${keys.map(({ operatorId }) => operatorId)}::text[],
                    ${keys.map(({ domain }) => domain)}::text[]) AS wanted (operator_id, domain)
    ), o AS (
      INSERT INTO oversight.operator AS old (org_id, operator_id, role_class, first_seen_at, last_seen_at)
      SELECT ${tx.orgId}::uuid, operator_id,
             coalesce((SELECT body ->> 'defaultRoleClass' FROM oversight.settings WHERE org_id = ${tx.orgId}
                        ORDER BY version DESC LIMIT 1), ${defaultSettings.defaultRoleClass}),
             ${now}, ${now}
        FROM (SELECT DISTINCT operator_id FROM wanted) AS people ORDER BY operator_id
      ON CONFLICT (org_id, operator_id) DO UPDATE SET last_seen_at = greatest(old.last_seen_at, excluded.last_seen_at)
      -- Only a row that this very statement inserted has no deleter.
      RETURNING *, xmax = 0 AS is_new
    ), s AS (
      INSERT INTO oversight.operator_state AS old
             (org_id, operator_id, domain, as_of_day, ledger_seq, post_left, sums, window_counts, window_side, counted,
              first_day, last_received_at)
      -- From the operators, so that everybody locks those first.
      SELECT o.org_id, o.operator_id, wanted.domain, ${empty.asOfDay}::integer, ${empty.ledgerSeq}::integer,
             ${empty.postLeft}::smallint, ${empty.sums.map(String)}::numeric[], ${empty.window.map(String)}::bigint[],
             ${empty.windowSide.map(String)}::bigint[], ${String(empty.counted)}::bigint, ${empty.firstDay}::integer,
             ${now}
        FROM o JOIN wanted USING (operator_id) ORDER BY o.operator_id, wanted.domain
      ON CONFLICT (org_id, operator_id, domain) DO UPDATE SET last_received_at = old.last_received_at
      RETURNING *
    )
    ${selectFacts(asOf)}, o.is_new
      FROM o JOIN s USING (org_id, operator_id) ${joinRules(asOf)}`.execute(query(tx))
  if (rows.length !== keys.length) throw new Error('An operator that was just made or locked is not there')
  return rows.map((row) => ({ ...toFacts(row), isNewOperator: row.is_new }))
}

type FactsRow = Omit<OperatorRow, 'org_id'> &
  StateRow & { readonly domain: Domain; readonly today: number; readonly earlier_jis: string | null } & (
    | NormRow
    | { readonly norm_id: null }
  ) &
  (SettingsRow | { readonly version: null })

function selectFacts({ day }: AsOf): RawBuilder<FactsRow> {
  return sql`
    SELECT o.operator_id, o.role_class, o.notice_given_at, o.notice_version, o.first_seen_at, o.last_seen_at,
           s.domain, s.as_of_day, s.ledger_seq, s.post_left, s.sums::text AS sums,
           s.window_counts::text AS window_counts, s.window_side::text AS window_side, s.counted, s.first_day, s.jis,
           s.last_received_at, greatest(s.as_of_day, ${day}::integer) AS today, rules.*, norm.*, earlier.*`
}

function joinRules({ day, trendDays: { from, to } }: AsOf): RawBuilder<unknown> {
  const today = sql`greatest(s.as_of_day, ${day}::integer)`
  return sql`
      LEFT JOIN LATERAL (
        SELECT version, body, created_at FROM oversight.settings
         WHERE org_id = s.org_id ORDER BY version DESC LIMIT 1) AS rules ON true
      LEFT JOIN LATERAL (
        SELECT norm_id, t_min_ms, t_ref_ms, prior::text[] AS prior FROM oversight.norm
         WHERE org_id = s.org_id AND domain = s.domain AND effective_day <= ${today}
         ORDER BY version DESC LIMIT 1) AS norm ON true
      LEFT JOIN LATERAL (
        SELECT jis AS earlier_jis FROM oversight.operator_history
         WHERE org_id = s.org_id AND operator_id = s.operator_id AND domain = s.domain
           AND day BETWEEN ${today} - ${to}::integer AND ${today} - ${from}::integer AND jis IS NOT NULL
         ORDER BY day DESC LIMIT 1) AS earlier ON true`
}

function toFacts(row: FactsRow): StandingFacts {
  return {
    operator: toOperator(row),
    domain: row.domain,
    stored: toState(row),
    today: row.today,
    versioned: toVersionedSettings(row.version === null ? undefined : row),
    norm: toNorm(row.norm_id === null ? undefined : row),
    earlier: row.earlier_jis === null ? null : { jis: Number(row.earlier_jis) },
  }
}
