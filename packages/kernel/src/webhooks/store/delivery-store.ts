import { sql } from 'kysely'
import { type AnyTx, query, type TenantTx } from '../../db/index.ts'

export type WebhookDeliveryState = 'pending' | 'delivered' | 'failed' | 'held'

export type WebhookDelivery = {
  /** The message's id: the `webhook-id` header of every attempt. */
  readonly id: string
  readonly type: string
  readonly state: WebhookDeliveryState
  readonly attemptsMade: number
  readonly nextAttemptAtMs: number | null
  readonly lastStatus: number | null
  readonly lastError: string | null
  readonly createdAtMs: number
}

export type WebhookAttemptRecord = {
  readonly atMs: number
  readonly status: number | null
  readonly error: string | null
  readonly durationMs: number
  readonly nextAttemptAtMs: number | null
}

type DeliveryRow = {
  message_id: string
  type: string
  state: WebhookDeliveryState
  attempts_made: number
  next_attempt_at: Date | null
  last_status: number | null
  last_error: string | null
  created_at: Date
}

export type NewMessage = {
  readonly id: string
  readonly service: string
  readonly type: string
  readonly body: string
  readonly atMs: number
  /** One endpoint, whatever it subscribes to; null for all that do. */
  readonly endpointId: string | null
}

/** The message and a delivery for each of its endpoints; a message that nobody wants is not kept. */
export async function insertMessage(tx: TenantTx, message: NewMessage): Promise<void> {
  const { id, service, type, body, atMs, endpointId } = message
  const at = new Date(atMs)
  const { rows } = await sql<{ endpoint_id: string }>`
    WITH wanted AS MATERIALIZED (
      SELECT id, state FROM gatehouse.webhook_endpoint
       WHERE org_id = ${tx.orgId} AND service = ${service}
         AND CASE WHEN ${endpointId}::text IS NULL THEN ${type} = ANY (events) ELSE id = ${endpointId} END
    ), message AS (
      INSERT INTO gatehouse.webhook_message (org_id, id, service, type, body, created_at)
      SELECT ${tx.orgId}, ${id}, ${service}, ${type}, ${body}, ${at} WHERE EXISTS (SELECT FROM wanted)
    )
    INSERT INTO gatehouse.webhook_delivery (org_id, endpoint_id, message_id, state, next_attempt_at, created_at)
    SELECT ${tx.orgId}, wanted.id, ${id}, CASE wanted.state WHEN 'enabled' THEN 'pending' ELSE 'held' END,
           CASE wanted.state WHEN 'enabled' THEN ${at}::timestamptz END, ${at}
      FROM wanted
    RETURNING endpoint_id`.execute(query(tx))
  if (rows.length > 0) await wakeDeliverers(tx)
}

/** Newest first; `beforeId` is where the page before ended. */
export async function listDeliveries(
  tx: TenantTx,
  endpointId: string,
  page: { readonly beforeId: string | undefined; readonly limit: number },
): Promise<WebhookDelivery[]> {
  const { rows } = await sql<DeliveryRow>`
    SELECT d.message_id, m.type, d.state, d.attempts_made, d.next_attempt_at, d.last_status, d.last_error, d.created_at
      FROM gatehouse.webhook_delivery d
      JOIN gatehouse.webhook_message m ON m.org_id = d.org_id AND m.id = d.message_id
     WHERE d.org_id = ${tx.orgId} AND d.endpoint_id = ${endpointId}
       AND (${page.beforeId ?? null}::text IS NULL OR d.message_id < ${page.beforeId ?? null})
     ORDER BY d.message_id DESC LIMIT ${page.limit}`.execute(query(tx))
  return rows.map(toDelivery)
}

export async function findDelivery(
  tx: TenantTx,
  endpointId: string,
  id: string,
): Promise<(WebhookDelivery & { readonly body: string }) | undefined> {
  const { rows } = await sql<DeliveryRow & { body: string }>`
    SELECT d.message_id, m.type, m.body, d.state, d.attempts_made, d.next_attempt_at, d.last_status, d.last_error,
           d.created_at
      FROM gatehouse.webhook_delivery d
      JOIN gatehouse.webhook_message m ON m.org_id = d.org_id AND m.id = d.message_id
     WHERE d.org_id = ${tx.orgId} AND d.endpoint_id = ${endpointId} AND d.message_id = ${id}`.execute(
    query(tx),
  )
  const row = rows[0]
  return row && { ...toDelivery(row), body: row.body }
}

/** Oldest first. */
export async function listAttempts(
  tx: TenantTx,
  endpointId: string,
  id: string,
): Promise<WebhookAttemptRecord[]> {
  const { rows } = await sql<{
    at: Date
    status: number | null
    error: string | null
    duration_ms: number
    next_attempt_at: Date | null
  }>`
    SELECT at, status, error, duration_ms, next_attempt_at FROM gatehouse.webhook_attempt
     WHERE org_id = ${tx.orgId} AND endpoint_id = ${endpointId} AND message_id = ${id} ORDER BY at`.execute(
    query(tx),
  )
  return rows.map((row) => ({
    atMs: row.at.getTime(),
    status: row.status,
    error: row.error,
    durationMs: row.duration_ms,
    nextAttemptAtMs: row.next_attempt_at?.getTime() ?? null,
  }))
}

/** What to send again: one delivery, or those of messages made in a span of time. */
export type ReplaySpan =
  | { readonly id: string }
  | { readonly fromMs: number; readonly toMs: number; readonly states: readonly WebhookDeliveryState[] }

/** Starts deliveries over, under the ids they have; those being tried already are left alone. Returns how many. */
export async function setReplayed(
  tx: TenantTx,
  endpointId: string,
  span: ReplaySpan,
  nowMs: number,
): Promise<number> {
  const which =
    'id' in span
      ? sql`message_id = ${span.id}`
      : sql`created_at >= ${new Date(span.fromMs)} AND created_at < ${new Date(span.toMs)}
            AND state = ANY (${[...span.states]}::text[])`
  const { numAffectedRows = 0n } = await sql`
    UPDATE gatehouse.webhook_delivery
       SET state = 'pending', attempts_made = 0, next_attempt_at = ${new Date(nowMs)}, finished_at = NULL
     WHERE org_id = ${tx.orgId} AND endpoint_id = ${endpointId} AND state <> 'pending' AND ${which}`.execute(
    query(tx),
  )
  if (numAffectedRows > 0n) await wakeDeliverers(tx)
  return Number(numAffectedRows)
}

/** Deliveries that wait for a disabled endpoint wait with it. */
export async function holdPending(tx: AnyTx, orgId: string, endpointId: string): Promise<void> {
  await sql`
    UPDATE gatehouse.webhook_delivery SET state = 'held', next_attempt_at = NULL, lease_id = NULL, lease_until = NULL
     WHERE org_id = ${orgId} AND endpoint_id = ${endpointId} AND state = 'pending'`.execute(query(tx))
}

/** Reaches every node when the transaction commits; the same word said twice in one transaction arrives once. */
async function wakeDeliverers(tx: AnyTx): Promise<void> {
  await sql`SELECT gatehouse.invalidate('webhooks')`.execute(query(tx))
}

function toDelivery(row: DeliveryRow): WebhookDelivery {
  return {
    id: row.message_id,
    type: row.type,
    state: row.state,
    attemptsMade: row.attempts_made,
    nextAttemptAtMs: row.next_attempt_at?.getTime() ?? null,
    lastStatus: row.last_status,
    lastError: row.last_error,
    createdAtMs: row.created_at.getTime(),
  }
}
