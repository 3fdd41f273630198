import { type RawBuilder, sql } from 'kysely'
import { query, type WriterTx } from '../../db/index.ts'
import { toSubject } from './outbox-store.ts'

/** A query of the form `SELECT org_id, destination_id, state`, with one row per target. */
export type TargetsOfOrgs = RawBuilder<{ org_id: string; destination_id: string; state: string }>

/** The same with the number of the event that goes there in front: `SELECT n, …`, counted from 1. */
export type TargetsOfEvents = RawBuilder<{ n: string; org_id: string; destination_id: string; state: string }>

type Event = {
  /** The id of the delivery, the same for all destinations, since it is one event. */
  readonly id: string
  readonly event: string
}

type Told = { readonly queue: string; readonly atMs: number }

/**
 * Puts events into the outbox of every subscriber, in the transaction that writes the events, in one statement. Returns
 * how many deliveries there are.
 */
export async function fanOut(
  tx: WriterTx,
  { queue, atMs, events }: Told & { readonly events: readonly (Event & { readonly body: string })[] },
  to: TargetsOfEvents,
): Promise<number> {
  const at = new Date(atMs)
  const { numAffectedRows = 0n } = await sql`
    INSERT INTO gatehouse.delivery (org_id, queue, destination_id, id, event, body, state, next_attempt_at, created_at,
                                    updated_at)
    SELECT target.org_id, ${queue}, target.destination_id, told.id, told.event, told.body, target.state,
           CASE target.state WHEN 'pending' THEN ${at}::timestamptz END, ${at}, ${at}
      FROM (${to}) AS target (n, org_id, destination_id, state)
      JOIN unnest(${events.map(({ id }) => id)}::text[], ${events.map(({ event }) => event)}::text[],
                  ${events.map(({ body }) => body)}::text[]) WITH ORDINALITY AS told (id, event, body, n) USING (n)
    ON CONFLICT DO NOTHING`.execute(query(tx))
  if (numAffectedRows > 0n) await wake(tx, queue)
  return Number(numAffectedRows)
}

/**
 * Like `fanOut`, for receivers that want few messages: a message that still waits gets another `entry`, up to
 * `entriesMax`, and further entries are only counted. Messages to one receiver are at least `spacingMs` apart. Bodies
 * are `{"events": [entry, …], "more": n}`.
 */
export async function fanOutJoined(
  tx: WriterTx,
  {
    queue,
    id,
    event,
    atMs,
    entry,
    entriesMax,
    spacingMs,
  }: Told & Event & { readonly entry: object; readonly entriesMax: number; readonly spacingMs: number },
  to: TargetsOfOrgs,
): Promise<void> {
  const at = new Date(atMs)
  const entryText = JSON.stringify(entry)
  const body = JSON.stringify({ events: [entry], more: 0 })
  const { numAffectedRows = 0n } = await sql`
    WITH target AS MATERIALIZED (
      SELECT * FROM (${to}) AS given (org_id, destination_id, state)
    ), joined AS (
      UPDATE gatehouse.delivery d
         SET body = CASE WHEN jsonb_array_length(d.body::jsonb -> 'events') < ${entriesMax}
                         THEN jsonb_set(d.body::jsonb, '{events}',
                                        (d.body::jsonb -> 'events') || jsonb_build_array(${entryText}::jsonb))::text
                         ELSE jsonb_set(d.body::jsonb, '{more}',
                                        to_jsonb((d.body::jsonb ->> 'more')::integer + 1))::text END
        FROM (SELECT waiting.org_id, waiting.destination_id, waiting.id
                FROM target CROSS JOIN LATERAL (
                  SELECT w.org_id, w.destination_id, w.id FROM gatehouse.delivery w
                   WHERE w.org_id = target.org_id AND w.queue = ${queue}
                     AND w.destination_id = target.destination_id AND w.state = target.state
                     AND (w.lease_until IS NULL OR w.lease_until <= ${at})
                   ORDER BY w.created_at DESC LIMIT 1 FOR UPDATE) waiting) one
       WHERE d.org_id = one.org_id AND d.queue = ${queue} AND d.destination_id = one.destination_id AND d.id = one.id
      RETURNING d.org_id, d.destination_id
    )
    INSERT INTO gatehouse.delivery (org_id, queue, destination_id, id, event, body, state, next_attempt_at, created_at,
                                    updated_at)
    SELECT target.org_id, ${queue}, target.destination_id, ${id}, ${event}, ${body}, target.state,
           CASE target.state WHEN 'pending' THEN
             greatest(${at}::timestamptz,
                      (SELECT max(CASE before.state WHEN 'pending' THEN ${at}::timestamptz ELSE before.updated_at END)
                         FROM gatehouse.delivery before
                        WHERE before.org_id = target.org_id AND before.queue = ${queue}
                          AND before.destination_id = target.destination_id AND before.state <> 'held')
                      + ${spacingMs} * interval '1 millisecond') END, ${at}, ${at}
      FROM target
     WHERE NOT EXISTS (SELECT FROM joined
                        WHERE joined.org_id = target.org_id AND joined.destination_id = target.destination_id)
    ON CONFLICT DO NOTHING`.execute(query(tx))
  if (numAffectedRows > 0n) await wake(tx, queue)
}

async function wake(tx: WriterTx, queue: string): Promise<void> {
  await sql`SELECT gatehouse.invalidate(${toSubject(queue)})`.execute(query(tx))
}
