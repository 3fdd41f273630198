import { query, type TenantTx } from '@gatehouse/kernel/db'
import { listDeliveries } from '@gatehouse/kernel/delivery'
import { sql } from 'kysely'
import type { ActiveHours } from '../domain/active-hours.ts'
import type { Finding } from '../domain/assess.ts'
import { channelQueueName } from './channel-queue-name.ts'
import type { UptimeTables } from './tables.ts'

/** A channel that an event may be sent to: active, verified and subscribed (gates 1 and 2 of 3.9). */
export type OpenChannel = {
  readonly id: string
  readonly type: string
  readonly delaySeconds: number
  readonly activeHours: ActiveHours | null
}

/** The channels of a monitor: those bound to it, or the defaults if none is; without a monitor, the defaults. */
export async function listOpenChannels(
  tx: TenantTx,
  monitorId: string | null,
  event: string,
): Promise<readonly OpenChannel[]> {
  const { rows } = await sql<{
    id: string
    type: string
    delay_seconds: number
    active_hours: ActiveHours | null
  }>`
    WITH bound AS (
      SELECT channel_id, delay_seconds FROM uptime.channel_binding
       WHERE org_id = ${tx.orgId} AND monitor_id = ${monitorId})
    SELECT c.id, c.type, coalesce(b.delay_seconds, c.delay_seconds) AS delay_seconds, c.active_hours
      FROM uptime.channel c LEFT JOIN bound b ON b.channel_id = c.id
     WHERE c.org_id = ${tx.orgId} AND c.is_active AND c.verified AND ${event} = ANY (c.events)
       AND CASE WHEN EXISTS (SELECT FROM bound) THEN b.channel_id IS NOT NULL ELSE c.is_default END
     ORDER BY c.id`.execute(query(tx))
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    delaySeconds: row.delay_seconds,
    activeHours: row.active_hours,
  }))
}

/** A channel that was notified, or is being notified, of an incident's opening. */
export type ToldChannel = {
  readonly id: string
  readonly openingId: string
  readonly isUnsent: boolean
  /** The opening was not attempted yet, because its delay has not passed. */
  readonly isUntried: boolean
}

const openings = new Set(['incident.created', 'monitor.flapping', 'monitor.settled', 'incident.reminder'])

/**
 * The channels that must be notified of an incident's end: those notified by its opening, or by a flap notification
 * that named it.
 */
export async function listToldChannels(tx: TenantTx, incidentId: string): Promise<readonly ToldChannel[]> {
  const open = await query<UptimeTables>(tx)
    .selectFrom('uptime.channel')
    .select('id')
    .where('is_active', '=', true)
    .where('verified', '=', true)
    .execute()
  const isOpen = new Set(open.map(({ id }) => id))
  const told = new Map<string, ToldChannel>()
  // In delivery order per channel, so that the last one remains in the map.
  for (const delivery of await listDeliveries(tx, channelQueueName, { topic: incidentId })) {
    const { id: openingId, destinationId: id, event, state, attemptsMade } = delivery
    if (!isOpen.has(id) || !openings.has(event) || (state !== 'pending' && state !== 'delivered')) continue
    told.set(id, {
      id,
      openingId,
      isUnsent: state === 'pending',
      isUntried: state === 'pending' && attemptsMade === 0,
    })
  }
  return [...told.values()]
}

/** The data about an incident in a notification. */
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
  /** What `cause` says; null if a person wrote it. */
  readonly causeReason: Finding | null
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
      'i.cause_reason',
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
      causeReason: row.cause_reason,
      startedAtMs: row.started_at.getTime(),
      resolvedAtMs: row.resolved_at?.getTime() ?? null,
    }
  )
}

export type Reminder = {
  readonly monitorId: string
  readonly renotifyMinutes: number
  /** Reminders are suppressed during flapping and maintenance. */
  readonly isHeld: boolean
}

/** Undefined if the incident is acknowledged or over, or its monitor has no reminders. */
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
