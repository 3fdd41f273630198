import { query, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { UptimeTables } from './tables.ts'

/** A channel that an event may go to: active, verified, and asking for it (gates 1 and 2 of 3.9). */
export type OpenChannel = { readonly id: string; readonly type: string; readonly delaySeconds: number }

/** The channels of a monitor: those bound to it, or the defaults where none is; without a monitor, the defaults. */
export async function listOpenChannels(
  tx: TenantTx,
  monitorId: string | null,
  event: string,
): Promise<readonly OpenChannel[]> {
  const { rows } = await sql<{ id: string; type: string; delay_seconds: number }>`
    WITH bound AS (
      SELECT channel_id, delay_seconds FROM uptime.channel_binding
       WHERE org_id = ${tx.orgId} AND monitor_id = ${monitorId})
    SELECT c.id, c.type, coalesce(b.delay_seconds, c.delay_seconds) AS delay_seconds
      FROM uptime.channel c LEFT JOIN bound b ON b.channel_id = c.id
     WHERE c.org_id = ${tx.orgId} AND c.is_active AND c.verified AND ${event} = ANY (c.events)
       AND CASE WHEN EXISTS (SELECT FROM bound) THEN b.channel_id IS NOT NULL ELSE c.is_default END
     ORDER BY c.id`.execute(query(tx))
  return rows.map((row) => ({ id: row.id, type: row.type, delaySeconds: row.delay_seconds }))
}

/** A channel that was told, or is being told, that an incident began. */
export type ToldChannel = {
  readonly id: string
  readonly openingId: string
  /** True while nobody has tried to send the opening yet, because its delay has not passed. */
  readonly isWaiting: boolean
  readonly state: 'queued' | 'retrying' | 'sent'
}

/** Whoever was told of an incident must be told of its end: by its opening, or by a flap notice that named it. */
export async function listToldChannels(tx: TenantTx, incidentId: string): Promise<readonly ToldChannel[]> {
  const { rows } = await sql<{
    channel_id: string
    id: string
    state: ToldChannel['state']
    is_waiting: boolean
  }>`
    SELECT DISTINCT ON (d.channel_id) d.channel_id, d.id, d.state, (d.state = 'queued' AND d.attempts = '[]') AS is_waiting
      FROM uptime.delivery d
      JOIN uptime.channel c ON c.org_id = d.org_id AND c.id = d.channel_id AND c.is_active AND c.verified
     WHERE d.org_id = ${tx.orgId} AND d.incident_id = ${incidentId} AND d.state IN ('queued', 'retrying', 'sent')
       AND d.event IN ('incident.created', 'monitor.flapping', 'monitor.settled', 'incident.reminder')
     ORDER BY d.channel_id, d.seq DESC`.execute(query(tx))
  return rows.map((row) => ({
    id: row.channel_id,
    openingId: row.id,
    isWaiting: row.is_waiting,
    state: row.state,
  }))
}

export type NewDelivery = {
  readonly id: string
  readonly channelId: string
  readonly monitorId: string | null
  readonly incidentId: string | null
  readonly event: string
  readonly occurrence: string
  readonly payload: string
  readonly state: 'queued' | 'suppressed'
  readonly reason: string | null
  readonly nextAttemptMs: number | null
  readonly atMs: number
}

/** Adds a row to the outbox behind those of the same incident and channel; false when it is there already. */
export async function insertDelivery(tx: TenantTx, delivery: NewDelivery): Promise<boolean> {
  const {
    id,
    channelId,
    monitorId,
    incidentId,
    event,
    occurrence,
    payload,
    state,
    reason,
    nextAttemptMs,
    atMs,
  } = delivery
  const { numAffectedRows } = await sql`
    INSERT INTO uptime.delivery (org_id, id, channel_id, monitor_id, incident_id, event, occurrence, seq, payload, state,
                                 reason, next_attempt_at, created_at, updated_at)
    SELECT ${tx.orgId}::uuid, ${id}, ${channelId}, ${monitorId}, ${incidentId}, ${event}, ${occurrence},
           coalesce(max(d.seq), 0) + 1, ${payload}::json, ${state}, ${reason},
           ${nextAttemptMs === null ? null : new Date(nextAttemptMs)}::timestamptz, ${new Date(atMs)}, ${new Date(atMs)}
      FROM uptime.delivery d
     WHERE d.org_id = ${tx.orgId} AND d.channel_id = ${channelId} AND d.incident_id = ${incidentId}
    ON CONFLICT DO NOTHING`.execute(query(tx))
  return numAffectedRows === 1n
}

/** Withdraws a delivery that nobody has sent yet. */
export async function withdrawDelivery(
  tx: TenantTx,
  id: string,
  state: 'suppressed' | 'merged',
  reason: string,
  nowMs: number,
): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.delivery')
    .set({ state, reason, next_attempt_at: null, updated_at: new Date(nowMs) })
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'retrying'])
    .execute()
}

export type ClaimedDelivery = {
  readonly id: string
  readonly channelId: string
  readonly event: string
  readonly payload: unknown
  readonly attemptsMade: number
  readonly incidentId: string | null
  /** The delivery that told this channel of the beginning: what later mails are answers to. */
  readonly openingId: string | null
  readonly createdAtMs: number
  readonly isOpening: boolean
}

/**
 * Takes a delivery in hand for one attempt. Undefined: it is done, not due, in other hands, or an earlier one of the
 * same incident and channel is still on its way.
 */
export async function claimDelivery(
  tx: TenantTx,
  id: string,
  nowMs: number,
  leaseUntilMs: number,
): Promise<ClaimedDelivery | undefined> {
  const { rows } = await sql<{
    id: string
    channel_id: string
    event: string
    payload: unknown
    attempts: unknown[]
    incident_id: string | null
    created_at: Date
    opening_id: string | null
  }>`
    UPDATE uptime.delivery d SET lease_until = ${new Date(leaseUntilMs)}
     WHERE d.org_id = ${tx.orgId} AND d.id = ${id} AND d.state IN ('queued', 'retrying')
       AND d.next_attempt_at <= ${new Date(nowMs)} AND (d.lease_until IS NULL OR d.lease_until < ${new Date(nowMs)})
       AND NOT EXISTS (SELECT FROM uptime.delivery earlier
                        WHERE earlier.org_id = d.org_id AND earlier.channel_id = d.channel_id
                          AND earlier.incident_id = d.incident_id AND earlier.seq < d.seq
                          AND earlier.state IN ('queued', 'retrying'))
    RETURNING d.id, d.channel_id, d.event, d.payload, d.attempts, d.incident_id, d.created_at,
              (SELECT o.id FROM uptime.delivery o
                WHERE o.org_id = d.org_id AND o.channel_id = d.channel_id AND o.incident_id = d.incident_id
                  AND o.event = 'incident.created' ORDER BY o.seq LIMIT 1) AS opening_id`.execute(query(tx))
  const row = rows[0]
  if (row === undefined) return undefined
  return {
    id: row.id,
    channelId: row.channel_id,
    event: row.event,
    payload: row.payload,
    attemptsMade: row.attempts.length,
    incidentId: row.incident_id,
    openingId: row.opening_id,
    createdAtMs: row.created_at.getTime(),
    isOpening: row.event === 'incident.created',
  }
}

export type DeliveryOutcome = {
  readonly state: 'retrying' | 'sent' | 'failed' | 'suppressed'
  readonly reason: string | null
  readonly nextAttemptMs: number | null
  readonly attempt: { readonly atMs: number; readonly result: string; readonly durationMs: number } | null
}

export async function saveOutcome(
  tx: TenantTx,
  id: string,
  outcome: DeliveryOutcome,
  nowMs: number,
): Promise<void> {
  const { state, reason, nextAttemptMs, attempt } = outcome
  await query<UptimeTables>(tx)
    .updateTable('uptime.delivery')
    .set({
      state,
      reason,
      lease_until: null,
      next_attempt_at: nextAttemptMs === null ? null : new Date(nextAttemptMs),
      updated_at: new Date(nowMs),
      ...(attempt === null ? {} : { attempts: sql`attempts || ${JSON.stringify([attempt])}::jsonb` }),
    })
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .execute()
}

/** The next delivery of the same incident and channel, which the one that is done kept waiting. */
export async function findNextInLine(tx: TenantTx, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    SELECT later.id FROM uptime.delivery done
      JOIN uptime.delivery later ON later.org_id = done.org_id AND later.channel_id = done.channel_id
       AND later.incident_id = done.incident_id AND later.seq > done.seq AND later.state IN ('queued', 'retrying')
     WHERE done.org_id = ${tx.orgId} AND done.id = ${id}
     ORDER BY later.seq LIMIT 1`.execute(query(tx))
  return rows[0]?.id
}

export type SendingChannel = {
  readonly id: string
  readonly type: 'email' | 'webhook'
  readonly name: string
  readonly sealedConfig: string
  readonly language: 'en' | 'ja'
  readonly isActive: boolean
  readonly verified: boolean
}

export async function findSendingChannel(tx: TenantTx, id: string): Promise<SendingChannel | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.channel')
    .select(['id', 'type', 'name', 'sealed_config', 'language', 'is_active', 'verified'])
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .executeTakeFirst()
  return (
    row && {
      id: row.id,
      type: row.type,
      name: row.name,
      sealedConfig: row.sealed_config,
      language: row.language,
      isActive: row.is_active,
      verified: row.verified,
    }
  )
}

/** Counts deliveries that died in a row, and switches the channel off when there were too many, or at once. */
export async function countDead(
  tx: TenantTx,
  channelId: string,
  deadMax: number,
  atOnce: boolean,
): Promise<boolean> {
  const row = await query<UptimeTables>(tx)
    .updateTable('uptime.channel')
    .set({
      consecutive_dead: sql`consecutive_dead + 1`,
      is_active: sql`is_active AND NOT (${atOnce} OR consecutive_dead + 1 >= ${deadMax})`,
    })
    .where('org_id', '=', tx.orgId)
    .where('id', '=', channelId)
    .returning('is_active')
    .executeTakeFirst()
  return row?.is_active === false
}

export async function forgetDead(tx: TenantTx, channelId: string): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.channel')
    .set({ consecutive_dead: 0 })
    .where('org_id', '=', tx.orgId)
    .where('id', '=', channelId)
    .where('consecutive_dead', '>', 0)
    .execute()
}

/** What a notice says about an incident. */
export type NoticeIncident = {
  readonly id: string
  readonly monitorId: string | null
  readonly monitorName: string | null
  readonly serviceName: string
  readonly type: string
  readonly status: string
  readonly severity: 'critical' | 'warning'
  readonly title: string | null
  readonly cause: string | null
  readonly startedAtMs: number
  readonly resolvedAtMs: number | null
}

export async function findNoticeIncident(tx: TenantTx, id: string): Promise<NoticeIncident | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.incident as i')
    .innerJoin('uptime.service as s', (join) =>
      join.onRef('s.org_id', '=', 'i.org_id').onRef('s.id', '=', 'i.service_id'),
    )
    .select([
      'i.id',
      'i.monitor_id',
      'i.monitor_name',
      's.name as service_name',
      'i.type',
      'i.status',
      'i.severity',
      'i.title',
      'i.cause',
      'i.started_at',
      'i.resolved_at',
    ])
    .where('i.org_id', '=', tx.orgId)
    .where('i.id', '=', id)
    .executeTakeFirst()
  return (
    row && {
      id: row.id,
      monitorId: row.monitor_id,
      monitorName: row.monitor_name,
      serviceName: row.service_name,
      type: row.type,
      status: row.status,
      severity: row.severity,
      title: row.title,
      cause: row.cause,
      startedAtMs: row.started_at.getTime(),
      resolvedAtMs: row.resolved_at?.getTime() ?? null,
    }
  )
}

export type Reminder = {
  readonly monitorId: string
  readonly renotifyMinutes: number
  /** Flapping and maintenance hold reminders back. */
  readonly isHeld: boolean
}

/** Undefined: the incident is taken, over, or its monitor asks for no reminders. */
export async function findReminder(tx: TenantTx, incidentId: string): Promise<Reminder | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.incident as i')
    .innerJoin('uptime.monitor as m', (join) =>
      join.onRef('m.org_id', '=', 'i.org_id').onRef('m.id', '=', 'i.monitor_id'),
    )
    .innerJoin('uptime.monitor_state as s', (join) =>
      join.onRef('s.org_id', '=', 'm.org_id').onRef('s.monitor_id', '=', 'm.id'),
    )
    .select(['m.id', 'm.renotify_minutes', 's.state'])
    .where('i.org_id', '=', tx.orgId)
    .where('i.id', '=', incidentId)
    .where('i.status', '=', 'ongoing')
    .where('m.renotify_minutes', '>', 0)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { maintenance, flapping } = row.state
  return {
    monitorId: row.id,
    renotifyMinutes: row.renotify_minutes,
    isHeld: maintenance !== null || flapping.window !== null,
  }
}
