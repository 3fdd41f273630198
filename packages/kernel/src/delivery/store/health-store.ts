import type { AuditedTx } from '../../audit/index.ts'
import { sql } from 'kysely'
import { query, type TenantTx, type WriterTx } from '../../db/index.ts'
import type { Health } from '../judge-health.ts'

/** The result of one destination in a batch of attempts. */
export type Pulse = {
  readonly orgId: string
  readonly destinationId: string
  /** True when no attempt of the batch succeeded. */
  readonly failed: boolean
  readonly atMs: number
  readonly givenUp: number
  readonly slowUntilMs: number | null
}

export type AilingDestination = Health & { readonly orgId: string; readonly destinationId: string }

/** Stores the pulses of destinations, and returns those that are failing, locked. */
export async function savePulses(
  tx: WriterTx,
  queue: string,
  pulses: readonly Pulse[],
): Promise<AilingDestination[]> {
  // Every node uses the same order, so that two of them never deadlock.
  const ordered = pulses.toSorted((one, other) => (toKey(one) < toKey(other) ? -1 : 1))
  const well = ordered.filter(({ failed, slowUntilMs }) => !failed && slowUntilMs === null)
  const ailing = ordered.filter(({ failed, slowUntilMs }) => failed || slowUntilMs !== null)
  if (well.length > 0)
    await sql`
      DELETE FROM gatehouse.ailing_destination a
       USING (SELECT a.ctid FROM gatehouse.ailing_destination a
                JOIN unnest(${well.map(({ orgId }) => orgId)}::uuid[],
                            ${well.map(({ destinationId }) => destinationId)}::text[]) AS p (org_id, id)
                  ON a.org_id = p.org_id AND a.queue = ${queue} AND a.destination_id = p.id
               ORDER BY a.org_id, a.destination_id FOR UPDATE OF a) AS held
       WHERE a.ctid = held.ctid`.execute(query(tx))
  if (ailing.length === 0) return []
  const { rows } = await sql<{
    org_id: string
    destination_id: string
    failing_since: Date | null
    told_percent: number
    given_up: number
  }>`
    INSERT INTO gatehouse.ailing_destination AS a
           (org_id, queue, destination_id, failing_since, given_up, not_before)
    SELECT p.org_id, ${queue}, p.id, CASE WHEN p.failed THEN p.at END, CASE WHEN p.failed THEN p.given_up ELSE 0 END,
           p.slow_until
      FROM unnest(
        ${ailing.map(({ orgId }) => orgId)}::uuid[],
        ${ailing.map(({ destinationId }) => destinationId)}::text[],
        ${ailing.map(({ failed }) => failed)}::boolean[],
        ${ailing.map(({ atMs }) => new Date(atMs).toISOString())}::timestamptz[],
        ${ailing.map(({ givenUp }) => givenUp)}::integer[],
        ${ailing.map(({ slowUntilMs: ms }) => (ms === null ? null : new Date(ms).toISOString()))}::timestamptz[]
      ) AS p (org_id, id, failed, at, given_up, slow_until)
    ON CONFLICT (org_id, queue, destination_id) DO UPDATE
       SET failing_since = CASE WHEN excluded.failing_since IS NOT NULL
                                THEN coalesce(a.failing_since, excluded.failing_since) END,
           told_percent = CASE WHEN excluded.failing_since IS NOT NULL THEN a.told_percent ELSE 0 END,
           given_up = CASE WHEN excluded.failing_since IS NOT NULL THEN a.given_up + excluded.given_up ELSE 0 END,
           not_before = excluded.not_before
    RETURNING a.org_id, a.destination_id, a.failing_since, a.told_percent, a.given_up`.execute(query(tx))
  return rows.map((row) => ({
    orgId: row.org_id,
    destinationId: row.destination_id,
    failingSinceMs: row.failing_since?.getTime() ?? null,
    toldPercent: row.told_percent,
    givenUp: row.given_up,
  }))
}

export async function setTold(
  tx: WriterTx,
  queue: string,
  { orgId, destinationId }: Pick<AilingDestination, 'orgId' | 'destinationId'>,
  percent: number,
): Promise<void> {
  await sql`
    UPDATE gatehouse.ailing_destination SET told_percent = ${percent}
     WHERE org_id = ${orgId} AND queue = ${queue} AND destination_id = ${destinationId}`.execute(query(tx))
}

/** Deletes the health record of a destination, so that one that is opened again starts as healthy. */
export async function forgetHealth(tx: AuditedTx, queue: string, destinationId: string): Promise<void> {
  await sql`
    DELETE FROM gatehouse.ailing_destination
     WHERE org_id = ${tx.orgId} AND queue = ${queue} AND destination_id = ${destinationId}`.execute(query(tx))
}

/** The failing destinations of the queue, each with the time since which it has failed. */
export async function listFailingSince(tx: TenantTx, queue: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ destination_id: string; failing_since: Date }>`
    SELECT destination_id, failing_since FROM gatehouse.ailing_destination
     WHERE org_id = ${tx.orgId} AND queue = ${queue} AND failing_since IS NOT NULL`.execute(query(tx))
  return new Map(rows.map((row) => [row.destination_id, row.failing_since.getTime()]))
}

function toKey({ orgId, destinationId }: Pulse): string {
  return `${orgId}/${destinationId}`
}
