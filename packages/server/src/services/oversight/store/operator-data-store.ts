import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { type RawBuilder, sql } from 'kysely'

/** A table with data about operators, with its key columns and order. */
type Place = {
  readonly table: string
  readonly key: readonly string[]
  /** For rows that name no operator: the parent table, and the column that refers to it. */
  readonly partOf?: { readonly table: string; readonly by: string }
  /** The condition that selects an operator's rows, where several columns can name them. */
  readonly isAbout?: (tx: TenantTx, operatorId: string) => RawBuilder<unknown>
}

/** Child tables come before their parents, so that rows can be deleted in this order. */
const places: readonly Place[] = [
  { table: 'alert', key: ['id'] },
  { table: 'contest', key: ['id'] },
  { table: 'profile_view', key: ['day', 'actor_kind', 'actor_id'] },
  { table: 'access_link', key: ['id'] },
  { table: 'operator_member', key: ['user_id'] },
  { table: 'enrolment', key: ['bound_to'] },
  { table: 'authenticator', key: ['credential_id'] },
  { table: 'attest_proof', key: ['proof_hash'] },
  {
    table: 'telemetry_event',
    key: ['nonce_hash', 'event_seq'],
    partOf: { table: 'telemetry_session', by: 'nonce_hash' },
  },
  { table: 'telemetry_session', key: ['nonce_hash'] },
  { table: 'ledger_event', key: ['domain', 'ledger_seq'] },
  { table: 'session_key', key: ['session_id', 'name'], partOf: { table: 'session', by: 'session_id' } },
  { table: 'session', key: ['session_id'] },
  { table: 'interaction', key: ['id'] },
  { table: 'operator_history', key: ['domain', 'day'] },
  { table: 'operator_state', key: ['domain'] },
  { table: 'operator_day', key: ['domain', 'day'] },
  { table: 'operator', key: ['operator_id'] },
]

/** Data that remains without its operator: routed decisions and their reviews belong to the organisation. */
const kept: readonly Place[] = [
  { table: 'decision', key: ['id'] },
  {
    table: 'decision_review',
    key: ['id'],
    // Reviews by the operator, reviews that assigned a decision to them, and reviews of their own decisions.
    isAbout: ({ orgId }, operatorId) => sql`(
      held.reviewer_id = ${operatorId} OR held.assignee = ${operatorId} OR held.decision_id IN (
        SELECT own.id FROM oversight.decision AS own
         WHERE own.org_id = ${orgId} AND own.operator_id = ${operatorId}))`,
  },
]

export const operatorTables: readonly string[] = [...places.toReversed(), ...kept].map(({ table }) => table)

const batchMax = 500

/** All rows of one table about an operator, read in pages of bounded size. */
export async function listOperatorRows(
  tx: TenantTx,
  operatorId: string,
  table: string,
  columns: readonly string[],
  after: readonly unknown[] | undefined,
): Promise<{ readonly rows: readonly object[]; readonly last: readonly unknown[] | undefined }> {
  const place = [...places, ...kept].find((one) => one.table === table)
  if (place === undefined) throw new Error(`Nothing is known of ${table}`)
  const key = sql.join(place.key.map((name) => sql.ref(`held.${name}`)))
  const isNext =
    after === undefined ? sql`true` : sql`(${key}) > (${sql.join(after.map((value) => sql`${value}`))})`
  const { rows } = await sql<Record<string, unknown>>`
    SELECT ${sql.join([...new Set([...place.key, ...columns])].map((name) => sql.ref(`held.${name}`)))}
      FROM ${sql.table(`oversight.${table}`)} AS held
     WHERE held.org_id = ${tx.orgId} AND ${toOwned(tx, place, operatorId)} AND ${isNext}
     ORDER BY ${key} LIMIT ${batchMax}`.execute(query(tx))
  const end = rows.at(-1)
  return {
    rows: rows.map((row) => Object.fromEntries(columns.map((name) => [name, row[name]]))),
    last: rows.length < batchMax ? undefined : place.key.map((name) => end?.[name]),
  }
}

/** Locks the operator, waiting for transactions that record their decisions; false: there is no such operator. */
export async function lockOperator(tx: AuditedTx, operatorId: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM oversight.operator WHERE org_id = ${tx.orgId} AND operator_id = ${operatorId} FOR UPDATE`.execute(
    query(tx),
  )
  await sql`
    SELECT FROM oversight.operator_state
     WHERE org_id = ${tx.orgId} AND operator_id = ${operatorId} ORDER BY domain FOR UPDATE`.execute(query(tx))
  return rows.length > 0
}

/** Whether a person appears in a decision as operator, assignee or reviewer, even without a record of their own. */
export async function isNamedInDecisions(tx: TenantTx, operatorId: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM oversight.decision
     WHERE org_id = ${tx.orgId}
       AND (operator_id = ${operatorId} OR assignee = ${operatorId} OR resolution ->> 'reviewerId' = ${operatorId})
     UNION ALL
    SELECT FROM oversight.decision_review
     WHERE org_id = ${tx.orgId} AND (reviewer_id = ${operatorId} OR assignee = ${operatorId})
     LIMIT 1`.execute(query(tx))
  return rows.length > 0
}

/** Subtracts the operator's counters from the organisation's, which are the sum over operators. */
export async function subtractFromOrgDays(tx: AuditedTx, operatorId: string): Promise<void> {
  await sql`
    UPDATE oversight.org_day AS whole
       SET counters = oversight.add_counters(whole.counters, oversight.negate_counters(own.counters)),
           side = oversight.add_counters(whole.side, oversight.negate_counters(own.side))
      FROM oversight.operator_day AS own
     WHERE own.org_id = ${tx.orgId} AND own.operator_id = ${operatorId}
       AND whole.org_id = own.org_id AND whole.domain = own.domain AND whole.day = own.day`.execute(query(tx))
}

/** An AI call that was matched by an erased operator's decision stays matched, without naming the operator. */
export async function keepMatches(tx: AuditedTx, operatorId: string, nowMs: number): Promise<void> {
  await sql`
    UPDATE oversight.observed_call AS seen SET matched_at = coalesce(seen.matched_at, ${new Date(nowMs)})
      FROM oversight.interaction AS own
     WHERE own.org_id = ${tx.orgId} AND own.operator_id = ${operatorId}
       AND seen.org_id = own.org_id AND seen.request_id = own.request_id
       AND own.received_at BETWEEN seen.received_at - interval '24 hours' AND seen.received_at + interval '24 hours'`.execute(
    query(tx),
  )
}

/** Removes a person from the decisions that they made or reviewed. Such a decision can no longer be replayed. */
export async function unlinkDecisions(tx: AuditedTx, operatorId: string): Promise<void> {
  const quoted = JSON.stringify(operatorId)
  await sql`
    UPDATE oversight.decision
       SET request = CASE WHEN operator_id = ${operatorId}
                          THEN replace(request::text, ${quoted}, 'null')::jsonb || '{"sessionId": null}'
                          ELSE request END,
           grounds = CASE WHEN operator_id = ${operatorId} THEN NULL ELSE grounds END,
           operator_id = nullif(operator_id, ${operatorId}),
           claimed_until = CASE WHEN assignee = ${operatorId} THEN NULL ELSE claimed_until END,
           assignee = nullif(assignee, ${operatorId}),
           resolution = replace(resolution::text, ${quoted}, 'null')::jsonb
     WHERE org_id = ${tx.orgId}
       AND (operator_id = ${operatorId} OR assignee = ${operatorId} OR resolution ->> 'reviewerId' = ${operatorId})`.execute(
    query(tx),
  )
  await sql`
    UPDATE oversight.decision_review
       SET reviewer_id = CASE WHEN reviewer_id = ${operatorId} THEN 'erased' ELSE reviewer_id END,
           note = CASE WHEN reviewer_id = ${operatorId} THEN NULL ELSE note END,
           interaction_id = CASE WHEN reviewer_id = ${operatorId} THEN NULL ELSE interaction_id END,
           assignee = nullif(assignee, ${operatorId})
     WHERE org_id = ${tx.orgId} AND (reviewer_id = ${operatorId} OR assignee = ${operatorId})`.execute(
    query(tx),
  )
}

/** Deletes all rows about an operator; returns their number. */
export async function deleteOperatorRows(tx: AuditedTx, operatorId: string): Promise<number> {
  let deleted = 0
  for (const place of places) {
    const { numAffectedRows } = await sql`
      DELETE FROM ${sql.table(`oversight.${place.table}`)} AS held
       WHERE held.org_id = ${tx.orgId} AND ${toOwned(tx, place, operatorId)}`.execute(query(tx))
    deleted += Number(numAffectedRows ?? 0)
  }
  return deleted
}

function toOwned(tx: TenantTx, { partOf, isAbout }: Place, operatorId: string): RawBuilder<unknown> {
  if (isAbout !== undefined) return isAbout(tx, operatorId)
  if (partOf === undefined) return sql`held.operator_id = ${operatorId}`
  return sql`${sql.ref(`held.${partOf.by}`)} IN (
    SELECT ${sql.ref(`part.${partOf.by}`)} FROM ${sql.table(`oversight.${partOf.table}`)} AS part
     WHERE part.org_id = ${tx.orgId} AND part.operator_id = ${operatorId})`
}

export async function insertErased(tx: AuditedTx, operatorHash: string, nowMs: number): Promise<void> {
  await sql`
    INSERT INTO oversight.erased_operator (org_id, operator_hash, erased_at)
    VALUES (${tx.orgId}, ${operatorHash}, ${new Date(nowMs)})
    ON CONFLICT DO NOTHING`.execute(query(tx))
}

export async function hasErased(tx: TenantTx): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM oversight.erased_operator WHERE org_id = ${tx.orgId} LIMIT 1`.execute(query(tx))
  return rows.length > 0
}

/** Which of these are hashes of erased operators. */
export async function findErasedHashes(
  tx: TenantTx,
  operatorHashes: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ operator_hash: string }>`
    SELECT operator_hash FROM oversight.erased_operator
     WHERE org_id = ${tx.orgId} AND operator_hash = ANY (${operatorHashes}::text[])`.execute(query(tx))
  return rows.map((row) => row.operator_hash)
}

export async function findErasedAt(tx: TenantTx, operatorHash: string): Promise<number | undefined> {
  const { rows } = await sql<{ erased_at: Date }>`
    SELECT erased_at FROM oversight.erased_operator
     WHERE org_id = ${tx.orgId} AND operator_hash = ${operatorHash}`.execute(query(tx))
  return rows[0]?.erased_at.getTime()
}

/** Returns whether the hash was stored. */
export async function deleteErased(tx: AuditedTx, operatorHash: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    DELETE FROM oversight.erased_operator
     WHERE org_id = ${tx.orgId} AND operator_hash = ${operatorHash}`.execute(query(tx))
  return numAffectedRows === 1n
}
