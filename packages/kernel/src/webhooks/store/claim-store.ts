import { sql } from 'kysely'
import { query, type WriterTx } from '../../db/index.ts'

/** A delivery that this node may attempt, until its lease ends. */
export type ClaimedWebhook = {
  readonly orgId: string
  readonly endpointId: string
  readonly messageId: string
  readonly leaseId: string
  readonly attemptsMade: number
  readonly service: string
  readonly url: string
  readonly body: string
  readonly asymmetric: boolean
  readonly sealedSecret: string
  readonly sealedPrevious: string | null
  readonly previousUntilMs: number | null
}

type ClaimedRow = {
  org_id: string
  endpoint_id: string
  message_id: string
  lease_id: string
  attempts_made: number
  service: string
  url: string
  body: string
  is_asymmetric: boolean
  sealed_secret: string
  sealed_previous: string | null
  previous_until: Date | null
}

export type WebhookClaim = {
  readonly nowMs: number
  readonly leaseMs: number
  readonly rowsMax: number
  /** Of one endpoint in one claim. */
  readonly perEndpointMax: number
  /** Of one org in one claim. */
  readonly perOrgMax: number
  /** Orgs and endpoints that hold their share of this node's places. */
  readonly exceptOrgs: readonly string[]
  readonly exceptEndpoints: readonly string[]
}

/**
 * Leases due deliveries, a few of each endpoint. The index is stepped through endpoint by endpoint, so that a backlog
 * costs nobody but its owner, and orgs take turns when there are more endpoints than places.
 */
export async function claimWebhooks(tx: WriterTx, claim: WebhookClaim): Promise<ClaimedWebhook[]> {
  const now = new Date(claim.nowMs)
  const { rows } = await sql<ClaimedRow>`
    WITH RECURSIVE waiting AS (
      (SELECT org_id, endpoint_id FROM gatehouse.webhook_delivery
        WHERE state = 'pending' ORDER BY org_id, endpoint_id LIMIT 1)
      UNION ALL
      SELECT step.org_id, step.endpoint_id
        FROM waiting w CROSS JOIN LATERAL (
          SELECT d.org_id, d.endpoint_id FROM gatehouse.webhook_delivery d
           WHERE d.state = 'pending' AND (d.org_id, d.endpoint_id) > (w.org_id, w.endpoint_id)
           ORDER BY d.org_id, d.endpoint_id LIMIT 1) step
    ), open AS MATERIALIZED (
      SELECT e.*, row_number() OVER (PARTITION BY e.org_id ORDER BY random()) AS turn
        FROM waiting w JOIN gatehouse.webhook_endpoint e ON e.org_id = w.org_id AND e.id = w.endpoint_id
       WHERE e.state = 'enabled' AND (e.not_before IS NULL OR e.not_before <= ${now})
         AND NOT e.org_id = ANY (${[...claim.exceptOrgs]}::uuid[])
         AND NOT e.id = ANY (${[...claim.exceptEndpoints]}::text[])
       ORDER BY turn, random() LIMIT ${claim.rowsMax}
    ), locked AS MATERIALIZED (
      SELECT d.org_id, d.endpoint_id, d.message_id
        FROM open CROSS JOIN LATERAL (
          SELECT org_id, endpoint_id, message_id FROM gatehouse.webhook_delivery
           WHERE org_id = open.org_id AND endpoint_id = open.id AND state = 'pending' AND next_attempt_at <= ${now}
             AND (lease_until IS NULL OR lease_until <= ${now})
           ORDER BY next_attempt_at LIMIT ${claim.perEndpointMax} FOR UPDATE SKIP LOCKED) d
       LIMIT ${claim.rowsMax}
    ), due AS MATERIALIZED (
      SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY org_id) AS place FROM locked) ranked
       WHERE place <= ${claim.perOrgMax}
    ), claimed AS (
      UPDATE gatehouse.webhook_delivery d
         SET lease_id = gen_random_uuid(), lease_until = ${new Date(claim.nowMs + claim.leaseMs)}
        FROM due
       WHERE (d.org_id, d.endpoint_id, d.message_id) = (due.org_id, due.endpoint_id, due.message_id)
      RETURNING d.*
    )
    SELECT c.org_id, c.endpoint_id, c.message_id, c.lease_id, c.attempts_made, m.body,
           e.service, e.url, e.is_asymmetric, e.sealed_secret, e.sealed_previous, e.previous_until
      FROM claimed c
      JOIN gatehouse.webhook_message m ON m.org_id = c.org_id AND m.id = c.message_id
      JOIN gatehouse.webhook_endpoint e ON e.org_id = c.org_id AND e.id = c.endpoint_id
     ORDER BY c.next_attempt_at`.execute(query(tx))
  return rows.map((row) => ({
    orgId: row.org_id,
    endpointId: row.endpoint_id,
    messageId: row.message_id,
    leaseId: row.lease_id,
    attemptsMade: row.attempts_made,
    service: row.service,
    url: row.url,
    body: row.body,
    asymmetric: row.is_asymmetric,
    sealedSecret: row.sealed_secret,
    sealedPrevious: row.sealed_previous,
    previousUntilMs: row.previous_until?.getTime() ?? null,
  }))
}

export type WebhookOutcome = {
  readonly leaseId: string
  readonly state: 'delivered' | 'failed' | 'pending'
  readonly atMs: number
  readonly durationMs: number
  readonly status: number | null
  readonly error: string | null
  readonly nextAttemptAtMs: number | null
}

/** Writes attempts down and frees their deliveries; whoever lost the lease meanwhile changes nothing. */
export async function saveOutcomes(tx: WriterTx, outcomes: readonly WebhookOutcome[]): Promise<void> {
  const column = <T>(pick: (outcome: WebhookOutcome) => T): T[] => outcomes.map(pick)
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
      UPDATE gatehouse.webhook_delivery d
         SET state = b.state, attempts_made = d.attempts_made + 1, next_attempt_at = b.next_attempt_at,
             lease_id = NULL, lease_until = NULL, last_status = b.status, last_error = b.error,
             finished_at = CASE WHEN b.state = 'pending' THEN NULL ELSE b.at END
        FROM batch b WHERE d.lease_id = b.lease_id
      RETURNING d.org_id, d.endpoint_id, d.message_id, b.at, b.status, b.error, b.duration_ms, b.next_attempt_at
    )
    INSERT INTO gatehouse.webhook_attempt
           (org_id, endpoint_id, message_id, at, status, error, duration_ms, next_attempt_at)
    SELECT org_id, endpoint_id, message_id, at, status, error, duration_ms, next_attempt_at FROM freed`.execute(
    query(tx),
  )
}

export type EndpointPulse = {
  readonly orgId: string
  readonly endpointId: string
  readonly failed: boolean
  readonly atMs: number
  readonly slowUntilMs: number | null
}

export type FailingEndpoint = {
  readonly orgId: string
  readonly endpointId: string
  readonly url: string
  readonly failingSinceMs: number
  readonly toldPercent: number
}

/** Notes how endpoints fare, one pulse each, and returns those that fail, locked. */
export async function savePulses(tx: WriterTx, pulses: readonly EndpointPulse[]): Promise<FailingEndpoint[]> {
  const { rows } = await sql<{
    org_id: string
    id: string
    url: string
    failing_since: Date | null
    told_percent: number
  }>`
    WITH pulse AS MATERIALIZED (
      SELECT * FROM unnest(
        ${pulses.map(({ orgId }) => orgId)}::uuid[],
        ${pulses.map(({ endpointId }) => endpointId)}::text[],
        ${pulses.map(({ failed }) => failed)}::boolean[],
        ${pulses.map(({ atMs }) => new Date(atMs).toISOString())}::timestamptz[],
        ${pulses.map(({ slowUntilMs: ms }) => (ms === null ? null : new Date(ms).toISOString()))}::timestamptz[]
      ) AS p (org_id, id, failed, at, slow_until)
    ), held AS MATERIALIZED (
      -- In one order on every node, so that two of them never wait for each other.
      SELECT e.org_id, e.id FROM gatehouse.webhook_endpoint e JOIN pulse p USING (org_id, id)
       WHERE e.state = 'enabled' AND (p.failed OR e.failing_since IS NOT NULL OR e.not_before IS NOT NULL)
       ORDER BY e.org_id, e.id FOR UPDATE OF e
    )
    UPDATE gatehouse.webhook_endpoint e
       SET failing_since = CASE WHEN p.failed THEN coalesce(e.failing_since, p.at) END,
           told_percent = CASE WHEN p.failed THEN e.told_percent ELSE 0 END,
           not_before = p.slow_until
      FROM held JOIN pulse p USING (org_id, id)
     WHERE e.org_id = held.org_id AND e.id = held.id
    RETURNING e.org_id, e.id, e.url, e.failing_since, e.told_percent`.execute(query(tx))
  return rows.flatMap((row) =>
    row.failing_since === null
      ? []
      : [
          {
            orgId: row.org_id,
            endpointId: row.id,
            url: row.url,
            failingSinceMs: row.failing_since.getTime(),
            toldPercent: row.told_percent,
          },
        ],
  )
}
