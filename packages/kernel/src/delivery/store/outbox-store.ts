import type { AuditedTx } from '../../audit/index.ts'
import { type RawBuilder, sql } from 'kysely'
import { query, type TelemetryTx, type WriterTx, type WritingTx } from '../../db/index.ts'

export type DeliveryState = 'pending' | 'delivered' | 'failed' | 'held' | 'suppressed' | 'merged'

export type NewDelivery = {
  readonly orgId: string
  readonly queue: string
  readonly id: string
  readonly event: string
  readonly body: string
  readonly atMs: number
  /** When the first attempt is due. Default: immediately. */
  readonly notBeforeMs?: number
  /** Deliveries of one topic reach a destination in order. */
  readonly topic?: { readonly id: string; readonly occurrence: string } | undefined
}

/** A destination of a delivery, and the delivery's first state; `because` says why it will not be sent. */
export type NewTarget = {
  readonly destinationId: string
  readonly state: 'pending' | 'held' | 'suppressed'
  readonly because?: string
}

/** A query of the form `SELECT destination_id, state`, with one row per target. */
export type Targets = RawBuilder<{ destination_id: string; state: string }>

/**
 * Puts a delivery into the outbox for each of its targets, in the caller's transaction, after earlier ones of the same
 * topic. A delivery that is there already is not added again. Returns how many were added.
 */
export async function insertDelivery(
  tx: WritingTx,
  delivery: NewDelivery,
  to: NewTarget | Targets,
): Promise<number> {
  const { orgId, queue, id, event, body, atMs, notBeforeMs = atMs, topic } = delivery
  const at = new Date(atMs)
  const because = 'destinationId' in to ? (to.because ?? null) : null
  const targets =
    'destinationId' in to ? sql`SELECT ${to.destinationId}::text, ${to.state}::text` : sql`${to}`
  const seq =
    topic === undefined
      ? sql`NULL::integer`
      : sql`(SELECT coalesce(max(e.seq), 0) + 1 FROM gatehouse.delivery e
              WHERE e.org_id = ${orgId} AND e.queue = ${queue} AND e.topic = ${topic.id}
                AND e.destination_id = target.destination_id)`
  const { numAffectedRows = 0n } = await sql`
    INSERT INTO gatehouse.delivery (org_id, queue, destination_id, id, event, body, topic, seq, occurrence, state,
                                    next_attempt_at, last_error, created_at, updated_at, finished_at)
    SELECT ${orgId}::uuid, ${queue}, target.destination_id, ${id}, ${event}, ${body}, ${topic?.id ?? null}, ${seq},
           ${topic?.occurrence ?? null}, target.state,
           CASE target.state WHEN 'pending' THEN ${new Date(notBeforeMs)}::timestamptz END,
           CASE target.state WHEN 'suppressed' THEN ${because}::text END, ${at}, ${at},
           CASE target.state WHEN 'suppressed' THEN ${at}::timestamptz END
      FROM (${targets}) AS target (destination_id, state)
    ON CONFLICT DO NOTHING`.execute(query(tx))
  if (numAffectedRows > 0n) await wakeSenders(tx, queue)
  return Number(numAffectedRows)
}

/** What to send again: one delivery, or those created in a span of time. */
export type ReplaySpan =
  | { readonly id: string }
  | { readonly fromMs: number; readonly toMs: number; readonly states: readonly DeliveryState[] }

/**
 * Restarts deliveries under the ids they have; those being attempted are left alone. Returns how many were restarted.
 */
export async function setReplayed(
  tx: AuditedTx,
  queue: string,
  destinationId: string,
  span: ReplaySpan,
  nowMs: number,
): Promise<number> {
  const now = new Date(nowMs)
  const which =
    'id' in span
      ? sql`id = ${span.id}`
      : sql`created_at >= ${new Date(span.fromMs)} AND created_at < ${new Date(span.toMs)}
            AND state = ANY (${[...span.states]}::text[])`
  const { numAffectedRows = 0n } = await sql`
    UPDATE gatehouse.delivery
       SET state = 'pending', attempts_made = 0, next_attempt_at = ${now}, finished_at = NULL, updated_at = ${now}
     WHERE org_id = ${tx.orgId} AND queue = ${queue} AND destination_id = ${destinationId} AND state <> 'pending'
       AND ${which}`.execute(query(tx))
  if (numAffectedRows > 0n) await wakeSenders(tx, queue)
  return Number(numAffectedRows)
}

/** Takes pending deliveries of a closed destination out of the queue until it is opened again. */
export async function holdPending(
  tx: WritingTx,
  queue: string,
  { orgId, destinationId }: { readonly orgId: string; readonly destinationId: string },
): Promise<void> {
  await sql`
    UPDATE gatehouse.delivery SET state = 'held', next_attempt_at = NULL, lease_id = NULL, lease_until = NULL
     WHERE org_id = ${orgId} AND queue = ${queue} AND destination_id = ${destinationId} AND state = 'pending'`.execute(
    query(tx),
  )
}

/** Withdraws a delivery that was not accepted yet; false when it was accepted, or is being attempted right now. */
export async function withdrawDelivery(
  tx: TelemetryTx,
  queue: string,
  id: string,
  { state, because, nowMs }: { state: 'suppressed' | 'merged'; because: string; nowMs: number },
): Promise<boolean> {
  const now = new Date(nowMs)
  const { numAffectedRows = 0n } = await sql`
    UPDATE gatehouse.delivery
       SET state = ${state}, last_error = ${because}, next_attempt_at = NULL, lease_id = NULL, lease_until = NULL,
           last_status = NULL, updated_at = ${now}, finished_at = ${now}
     WHERE org_id = ${tx.orgId} AND queue = ${queue} AND id = ${id} AND state = 'pending'
       AND (lease_until IS NULL OR lease_until <= ${now})`.execute(query(tx))
  return numAffectedRows > 0n
}

/** Deletes the deliveries whose body contains a text, sent or not, for the erasure of the person whom it is about. */
export async function deleteDeliveriesAbout(tx: AuditedTx, text: string): Promise<void> {
  await sql`
    DELETE FROM gatehouse.delivery WHERE org_id = ${tx.orgId} AND position(${text} in body) > 0`.execute(
    query(tx),
  )
}

/** Deletes all deliveries of a destination, sent or pending, and its health record, when the destination is deleted. */
export async function deleteDeliveries(tx: AuditedTx, queue: string, destinationId: string): Promise<void> {
  for (const table of ['gatehouse.delivery', 'gatehouse.ailing_destination'])
    await sql`
      DELETE FROM ${sql.table(table)}
       WHERE org_id = ${tx.orgId} AND queue = ${queue} AND destination_id = ${destinationId}`.execute(
      query(tx),
    )
}

/**
 * Notifies the senders of every node when the transaction commits; PostgreSQL sends equal notifications of one
 * transaction once.
 */
async function wakeSenders(tx: WritingTx, queue: string): Promise<void> {
  await sql`SELECT gatehouse.invalidate(${toSubject(queue)})`.execute(query(tx))
}

/** The subject of the notifications that the senders of a queue listen for. */
export function toSubject(queue: string): string {
  return `deliveries:${queue}`
}

/**
 * Marks deliveries that have been held since `throughMs` or longer as failed (`expired`), oldest first, at most
 * `limit`. From then on they are kept as long as other finished deliveries.
 */
export async function expireHeld(
  tx: WriterTx,
  queue: string,
  { throughMs, endedMs, limit }: { throughMs: number; endedMs: number; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    UPDATE gatehouse.delivery AS delivery
       SET state = 'failed', last_error = 'expired', finished_at = ${new Date(endedMs)},
           updated_at = ${new Date(endedMs)}
      FROM (SELECT org_id, queue, destination_id, id FROM gatehouse.delivery
             WHERE queue = ${queue} AND state = 'held' AND created_at <= ${new Date(throughMs)}
             ORDER BY created_at LIMIT ${limit} FOR UPDATE SKIP LOCKED) AS due
     WHERE (delivery.org_id, delivery.queue, delivery.destination_id, delivery.id)
           = (due.org_id, due.queue, due.destination_id, due.id)`.execute(query(tx))
  return Number(numAffectedRows ?? 0)
}
