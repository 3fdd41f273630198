import { type RawBuilder, sql } from 'kysely'
import { query, type TenantTx } from '../../db/index.ts'
import type { DeliveryState } from './outbox-store.ts'

/** One delivery, as its org sees it. */
export type Delivery = {
  readonly id: string
  readonly destinationId: string
  readonly event: string
  readonly topic: string | null
  readonly state: DeliveryState
  readonly attemptsMade: number
  readonly nextAttemptAtMs: number | null
  readonly lastStatus: number | null
  readonly lastError: string | null
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

export type AttemptRecord = {
  readonly atMs: number
  readonly status: number | null
  readonly error: string | null
  readonly durationMs: number
  readonly nextAttemptAtMs: number | null
}

export type DeliveryInFull = Delivery & {
  readonly body: string
  /** Oldest first. */
  readonly attempts: readonly AttemptRecord[]
}

/**
 * A page of the log. Of one destination: newest first, after `beforeId`, where the previous page ended; of several
 * destinations: likewise, after `before`; of one topic: oldest first.
 */
export type LogPage =
  | { readonly destinationId: string; readonly beforeId: string | undefined; readonly limit: number }
  | {
      readonly destinationIds: readonly string[]
      readonly before: LogPlace | undefined
      readonly limit: number
    }
  | { readonly topic: string }

/** Identifies a delivery in the log: one message goes to several destinations under one id. */
export type LogPlace = { readonly id: string; readonly destinationId: string }

export async function listDeliveries(tx: TenantTx, queue: string, page: LogPage): Promise<Delivery[]> {
  return (await select(tx, queue, toPage(tx, queue, page))).map(toDelivery)
}

/** Deliveries with their bodies and every attempt. */
export async function listDeliveriesInFull(
  tx: TenantTx,
  queue: string,
  page: LogPage,
): Promise<DeliveryInFull[]> {
  const rows = await select(tx, queue, toPage(tx, queue, page))
  const attempts = await listAttempts(tx, queue, rows)
  return rows.map((row) => ({
    ...toDelivery(row),
    body: row.body,
    attempts: attempts.get(toKey(row.destination_id, row.id)) ?? [],
  }))
}

export async function findDelivery(
  tx: TenantTx,
  queue: string,
  destinationId: string,
  id: string,
): Promise<DeliveryInFull | undefined> {
  const rows = await select(tx, queue, sql`destination_id = ${destinationId} AND id = ${id}`)
  const attempts = await listAttempts(tx, queue, rows)
  const row = rows[0]
  return (
    row && {
      ...toDelivery(row),
      body: row.body,
      attempts: attempts.get(toKey(row.destination_id, row.id)) ?? [],
    }
  )
}

type DeliveryRow = {
  id: string
  destination_id: string
  event: string
  body: string
  topic: string | null
  state: DeliveryState
  attempts_made: number
  next_attempt_at: Date | null
  last_status: number | null
  last_error: string | null
  created_at: Date
  updated_at: Date
}

async function select(tx: TenantTx, queue: string, which: RawBuilder<unknown>): Promise<DeliveryRow[]> {
  const { rows } = await sql<DeliveryRow>`
    SELECT id, destination_id, event, body, topic, state, attempts_made, next_attempt_at, last_status, last_error,
           created_at, updated_at
      FROM gatehouse.delivery WHERE org_id = ${tx.orgId} AND queue = ${queue} AND ${which}`.execute(query(tx))
  return rows
}

function toPage(tx: TenantTx, queue: string, page: LogPage): RawBuilder<unknown> {
  if ('topic' in page) return sql`topic = ${page.topic} ORDER BY created_at, seq, id`
  if ('destinationIds' in page) return toJoinedPage(tx, queue, page)
  const { destinationId, beforeId = null, limit } = page
  return sql`destination_id = ${destinationId} AND (${beforeId}::text IS NULL OR id < ${beforeId})
    ORDER BY id DESC LIMIT ${limit}`
}

/** Reads as many rows of each destination as a page can hold, by the primary key, and takes the page from those. */
function toJoinedPage(
  tx: TenantTx,
  queue: string,
  { destinationIds, before, limit }: Extract<LogPage, { destinationIds: unknown }>,
): RawBuilder<unknown> {
  const isBefore =
    before === undefined ? sql`true` : sql`(id, destination_id) < (${before.id}, ${before.destinationId})`
  return sql`(id, destination_id) IN (
    SELECT own.id, own.destination_id
      FROM unnest(${[...destinationIds]}::text[]) AS wanted (id) CROSS JOIN LATERAL (
        SELECT id, destination_id FROM gatehouse.delivery
         WHERE org_id = ${tx.orgId} AND queue = ${queue} AND destination_id = wanted.id AND ${isBefore}
         ORDER BY id DESC LIMIT ${limit}) AS own
     ORDER BY own.id DESC, own.destination_id DESC LIMIT ${limit})
    ORDER BY id DESC, destination_id DESC`
}

async function listAttempts(
  tx: TenantTx,
  queue: string,
  deliveries: readonly DeliveryRow[],
): Promise<ReadonlyMap<string, readonly AttemptRecord[]>> {
  if (deliveries.length === 0) return new Map()
  const { rows } = await sql<{
    destination_id: string
    delivery_id: string
    at: Date
    status: number | null
    error: string | null
    duration_ms: number
    next_attempt_at: Date | null
  }>`
    SELECT destination_id, delivery_id, at, status, error, duration_ms, next_attempt_at
      FROM gatehouse.delivery_attempt
     WHERE org_id = ${tx.orgId} AND queue = ${queue}
       AND destination_id = ANY (${deliveries.map((row) => row.destination_id)}::text[])
       AND delivery_id = ANY (${deliveries.map(({ id }) => id)}::text[])
     ORDER BY at`.execute(query(tx))
  const attempts = new Map<string, AttemptRecord[]>()
  for (const row of rows) {
    const key = toKey(row.destination_id, row.delivery_id)
    const own = attempts.get(key) ?? []
    attempts.set(key, own)
    own.push({
      atMs: row.at.getTime(),
      status: row.status,
      error: row.error,
      durationMs: row.duration_ms,
      nextAttemptAtMs: row.next_attempt_at?.getTime() ?? null,
    })
  }
  return attempts
}

function toKey(destinationId: string, id: string): string {
  return `${destinationId}/${id}`
}

function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    destinationId: row.destination_id,
    event: row.event,
    topic: row.topic,
    state: row.state,
    attemptsMade: row.attempts_made,
    nextAttemptAtMs: row.next_attempt_at?.getTime() ?? null,
    lastStatus: row.last_status,
    lastError: row.last_error,
    createdAtMs: row.created_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
  }
}
