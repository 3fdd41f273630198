import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Evidence } from '../domain/evidence.ts'
import type { PostureTables } from './posture-tables.ts'

export async function insertEvidence(tx: AuditedTx, evidence: Evidence, record: string): Promise<void> {
  await query<PostureTables>(tx)
    .insertInto('posture.evidence')
    .values({
      org_id: tx.orgId,
      id: evidence.id,
      run_id: evidence.run_id,
      claim: evidence.claim,
      verdict: evidence.verdict,
      started_at: new Date(evidence.started),
      ended_at: new Date(evidence.ended),
      record,
      key_id: evidence.key_id,
      signature: evidence.signature,
    })
    .execute()
}

/** The newest evidence of each of these claims up to a time, at most `max` of each, newest first. */
export async function listEvidence(
  tx: TenantTx,
  claims: readonly string[],
  max: number,
  untilMs: number,
): Promise<ReadonlyMap<string, readonly Evidence[]>> {
  const { rows } = await sql<{ record: string }>`
    SELECT newest.record
      FROM unnest(${[...claims]}::text[]) AS wanted (claim)
     CROSS JOIN LATERAL (
       SELECT e.record, e.started_at FROM posture.evidence e
        WHERE e.org_id = ${tx.orgId} AND e.claim = wanted.claim AND e.started_at <= ${new Date(untilMs)}
        ORDER BY e.started_at DESC LIMIT ${max}) AS newest
     ORDER BY newest.started_at DESC`.execute(query(tx))
  return Map.groupBy(rows.map(toEvidence), ({ claim }) => claim)
}

export async function listEvidenceOfRun(tx: TenantTx, runId: string): Promise<readonly Evidence[]> {
  const rows = await query<PostureTables>(tx)
    .selectFrom('posture.evidence')
    .select('record')
    .where('org_id', '=', tx.orgId)
    .where('run_id', '=', runId)
    .orderBy('started_at')
    .execute()
  return rows.map(toEvidence)
}

export type DayOfPosture = {
  readonly day: string
  readonly holds: number
  readonly fails: number
  readonly unknown: number
}

/** The number of results of each kind by day, oldest first. */
export async function countByDay(tx: TenantTx, fromMs: number): Promise<readonly DayOfPosture[]> {
  const { rows } = await sql<DayOfPosture>`
    SELECT to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
           count(*) FILTER (WHERE verdict = 'holds')::int AS holds,
           count(*) FILTER (WHERE verdict = 'fails')::int AS fails,
           count(*) FILTER (WHERE verdict = 'unknown')::int AS unknown
      FROM posture.evidence
     WHERE org_id = ${tx.orgId} AND started_at >= ${new Date(fromMs)}
     GROUP BY day ORDER BY day`.execute(query(tx))
  return rows
}

/** Stores the policy: one that returns after another is in force from then on. */
export async function insertPolicy(tx: TelemetryTx, hash: string, nowMs: number): Promise<void> {
  await sql`
    INSERT INTO posture.policy AS known (org_id, hash, seen_at)
    VALUES (${tx.orgId}, ${hash}, ${new Date(nowMs)})
    ON CONFLICT (org_id, hash) DO UPDATE SET seen_at = excluded.seen_at
     WHERE EXISTS (SELECT FROM posture.policy later
                    WHERE later.org_id = known.org_id AND later.seen_at > known.seen_at)`.execute(query(tx))
}

export async function findPolicyDate(tx: TenantTx, hash: string): Promise<number | null> {
  const row = await query<PostureTables>(tx)
    .selectFrom('posture.policy')
    .select('seen_at')
    .where('org_id', '=', tx.orgId)
    .where('hash', '=', hash)
    .executeTakeFirst()
  return row?.seen_at.getTime() ?? null
}

function toEvidence({ record }: { readonly record: string }): Evidence {
  // Safe: these bytes were signed when the row was written, and only `recordResult` writes them.
  return JSON.parse(record) as Evidence
}
