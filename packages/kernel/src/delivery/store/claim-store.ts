import { sql } from 'kysely'
import { query, type WriterTx } from '../../db/index.ts'

/** A delivery that this node may attempt, until its lease ends. */
export type ClaimedDelivery = {
  readonly orgId: string
  readonly destinationId: string
  readonly id: string
  readonly leaseId: string
  readonly event: string
  readonly body: string
  readonly topic: string | null
  /** The first delivery of its topic to this destination, which later ones refer to. */
  readonly firstId: string | null
  readonly attemptsMade: number
}

type ClaimedRow = {
  org_id: string
  destination_id: string
  id: string
  lease_id: string
  event: string
  body: string
  topic: string | null
  first_id: string | null
  attempts_made: number
  next_attempt_at: Date
}

export type Claim = {
  readonly queue: string
  readonly nowMs: number
  readonly leaseMs: number
  readonly rowsMax: number
  /** The most deliveries of one destination in one claim. */
  readonly perDestinationMax: number
  /** The most deliveries of one org in one claim. */
  readonly perOrgMax: number
  /** Orgs, and destinations as `org/destination`, that already use their share of this node's places. */
  readonly exceptOrgs: readonly string[]
  readonly exceptDestinations: readonly string[]
}

/**
 * Leases due deliveries, a few of each destination. The query steps through the index destination by destination, so
 * that a backlog delays only its owner, and orgs take turns when there are more destinations than places. A delivery
 * waits as long as an earlier one of its topic is unfinished.
 */
export async function claimDeliveries(tx: WriterTx, claim: Claim): Promise<ClaimedDelivery[]> {
  const { queue } = claim
  const now = new Date(claim.nowMs)
  const { rows } = await sql<ClaimedRow>`
    WITH RECURSIVE waiting AS (
      (SELECT org_id, destination_id FROM gatehouse.delivery
        WHERE queue = ${queue} AND state = 'pending' ORDER BY org_id, destination_id LIMIT 1)
      UNION ALL
      SELECT step.org_id, step.destination_id
        FROM waiting w CROSS JOIN LATERAL (
          SELECT d.org_id, d.destination_id FROM gatehouse.delivery d
           WHERE d.queue = ${queue} AND d.state = 'pending'
             AND (d.org_id, d.destination_id) > (w.org_id, w.destination_id)
           ORDER BY d.org_id, d.destination_id LIMIT 1) step
    ), open AS MATERIALIZED (
      SELECT w.*, row_number() OVER (PARTITION BY w.org_id ORDER BY random()) AS turn
        FROM waiting w LEFT JOIN gatehouse.ailing_destination a
          ON a.org_id = w.org_id AND a.queue = ${queue} AND a.destination_id = w.destination_id
       WHERE (a.not_before IS NULL OR a.not_before <= ${now})
         AND NOT w.org_id = ANY (${[...claim.exceptOrgs]}::uuid[])
         AND NOT w.org_id || '/' || w.destination_id = ANY (${[...claim.exceptDestinations]}::text[])
       ORDER BY turn, random() LIMIT ${claim.rowsMax}
    ), locked AS MATERIALIZED (
      SELECT d.org_id, d.destination_id, d.id
        FROM open CROSS JOIN LATERAL (
          SELECT org_id, destination_id, id FROM gatehouse.delivery AS next
           WHERE org_id = open.org_id AND queue = ${queue} AND destination_id = open.destination_id
             AND state = 'pending' AND next_attempt_at <= ${now}
             AND (lease_until IS NULL OR lease_until <= ${now})
             AND (next.topic IS NULL OR NOT EXISTS (
               SELECT FROM gatehouse.delivery AS before
                WHERE before.org_id = next.org_id AND before.queue = next.queue AND before.topic = next.topic
                  AND before.destination_id = next.destination_id AND before.seq < next.seq
                  AND before.state = 'pending'))
           ORDER BY next_attempt_at LIMIT ${claim.perDestinationMax} FOR UPDATE SKIP LOCKED) d
       LIMIT ${claim.rowsMax}
    ), due AS MATERIALIZED (
      SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY org_id) AS place FROM locked) ranked
       WHERE place <= ${claim.perOrgMax}
    )
    UPDATE gatehouse.delivery d
       SET lease_id = gen_random_uuid(), lease_until = ${new Date(claim.nowMs + claim.leaseMs)}
      FROM due
     WHERE (d.org_id, d.queue, d.destination_id, d.id) = (due.org_id, ${queue}, due.destination_id, due.id)
    RETURNING d.org_id, d.destination_id, d.id, d.lease_id, d.event, d.body, d.topic, d.attempts_made, d.next_attempt_at,
              CASE WHEN d.topic IS NOT NULL THEN (
                SELECT first.id FROM gatehouse.delivery AS first
                 WHERE first.org_id = d.org_id AND first.queue = d.queue AND first.topic = d.topic
                   AND first.destination_id = d.destination_id AND first.seq < d.seq AND first.state = 'delivered'
                 ORDER BY first.seq LIMIT 1) END AS first_id`.execute(query(tx))
  const inTurn = rows.toSorted(
    (one, other) => one.next_attempt_at.getTime() - other.next_attempt_at.getTime(),
  )
  return inTurn.map((row) => ({
    orgId: row.org_id,
    destinationId: row.destination_id,
    id: row.id,
    leaseId: row.lease_id,
    event: row.event,
    body: row.body,
    topic: row.topic,
    firstId: row.first_id,
    attemptsMade: row.attempts_made,
  }))
}

/** The state of a claimed delivery that was not sent. */
export type Withheld = {
  readonly leaseId: string
  readonly state: 'held' | 'suppressed' | 'failed'
  readonly because: string | null
}

/** Stores the states of deliveries that are not sent, and ends their leases. */
export async function saveWithheld(
  tx: WriterTx,
  withheld: readonly Withheld[],
  { keepsBody, nowMs }: { readonly keepsBody: boolean; readonly nowMs: number },
): Promise<void> {
  const now = new Date(nowMs)
  const body = keepsBody ? sql`d.body` : sql`CASE WHEN b.state = 'held' THEN d.body ELSE '' END`
  await sql`
    WITH batch AS MATERIALIZED (
      SELECT * FROM unnest(
        ${withheld.map(({ leaseId }) => leaseId)}::uuid[],
        ${withheld.map(({ state }) => state)}::text[],
        ${withheld.map(({ because }) => because)}::text[]
      ) AS b (lease_id, state, because)
    )
    UPDATE gatehouse.delivery d
       SET state = b.state, next_attempt_at = NULL, lease_id = NULL, lease_until = NULL, body = ${body},
           last_error = coalesce(b.because, d.last_error), updated_at = ${now},
           finished_at = CASE WHEN b.state = 'held' THEN NULL ELSE ${now}::timestamptz END
      FROM batch b WHERE d.lease_id = b.lease_id`.execute(query(tx))
}

export type Outcome = {
  readonly leaseId: string
  readonly state: 'delivered' | 'failed' | 'pending'
  readonly atMs: number
  readonly durationMs: number
  readonly status: number | null
  readonly error: string | null
  readonly nextAttemptAtMs: number | null
}

/** Stores the results of attempts and ends their leases; a node that has lost the lease meanwhile changes nothing. */
export async function saveOutcomes(
  tx: WriterTx,
  outcomes: readonly Outcome[],
  { keepsBody }: { readonly keepsBody: boolean },
): Promise<void> {
  const column = <T>(pick: (outcome: Outcome) => T): T[] => outcomes.map(pick)
  const body = keepsBody ? sql`d.body` : sql`CASE WHEN b.state = 'pending' THEN d.body ELSE '' END`
  await sql`
    WITH batch AS MATERIALIZED (
      SELECT * FROM unnest(
        ${column(({ leaseId }) => leaseId)}::uuid[],
        ${column(({ state }) => state)}::text[],
        ${column(({ atMs }) => new Date(atMs).toISOString())}::timestamptz[],
        ${column(({ durationMs }) => durationMs)}::integer[],
        ${column(({ status }) => status)}::smallint[],
        ${column(({ error }) => error)}::text[],
        ${column(({ nextAttemptAtMs: ms }) => (ms === null ? null : new Date(ms).toISOString()))}::timestamptz[]
      ) AS b (lease_id, state, at, duration_ms, status, error, next_attempt_at)
    ), freed AS (
      UPDATE gatehouse.delivery d
         SET state = b.state, attempts_made = d.attempts_made + 1, next_attempt_at = b.next_attempt_at,
             lease_id = NULL, lease_until = NULL, last_status = b.status, last_error = b.error, updated_at = b.at,
             finished_at = CASE WHEN b.state = 'pending' THEN NULL ELSE b.at END, body = ${body}
        FROM batch b WHERE d.lease_id = b.lease_id
      RETURNING d.org_id, d.queue, d.destination_id, d.id, b.at, b.status, b.error, b.duration_ms, b.next_attempt_at
    )
    INSERT INTO gatehouse.delivery_attempt
           (org_id, queue, destination_id, delivery_id, at, status, error, duration_ms, next_attempt_at)
    SELECT org_id, queue, destination_id, id, at, status, error, duration_ms, next_attempt_at FROM freed`.execute(
    query(tx),
  )
}
