import { query, type TenantTx } from '@gatehouse/kernel/db'
import type { DeliveryRow, StoredAttempt, UptimeTables } from './tables.ts'

/** One notice through one channel, as people may see it. */
export type Delivery = {
  readonly id: string
  readonly channelId: string
  readonly channelName: string
  readonly channelType: string
  readonly incidentId: string | null
  readonly monitorId: string | null
  readonly event: string
  readonly state: DeliveryRow['state']
  readonly reason: string | null
  readonly attempts: readonly StoredAttempt[]
  readonly nextAttemptAtMs: number | null
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What was sent about an incident, in the order in which it was decided. */
export async function listIncidentDeliveries(tx: TenantTx, incidentId: string): Promise<readonly Delivery[]> {
  return select(await deliveries(tx).where('d.incident_id', '=', incidentId).orderBy('d.id').execute())
}

/** What went through a channel, the newest first. */
export async function listChannelDeliveries(
  tx: TenantTx,
  channelId: string,
  { beforeId, limit }: { readonly beforeId?: string | undefined; readonly limit: number },
): Promise<readonly Delivery[]> {
  const rows = deliveries(tx).where('d.channel_id', '=', channelId).orderBy('d.id', 'desc').limit(limit)
  return select(await (beforeId === undefined ? rows : rows.where('d.id', '<', beforeId)).execute())
}

function deliveries(tx: TenantTx) {
  return query<UptimeTables>(tx)
    .selectFrom('uptime.delivery as d')
    .innerJoin('uptime.channel as c', (join) =>
      join.onRef('c.org_id', '=', 'd.org_id').onRef('c.id', '=', 'd.channel_id'),
    )
    .select([
      'd.id',
      'd.channel_id',
      'c.name as channel_name',
      'c.type as channel_type',
      'd.incident_id',
      'd.monitor_id',
      'd.event',
      'd.state',
      'd.reason',
      'd.attempts',
      'd.next_attempt_at',
      'd.created_at',
      'd.updated_at',
    ])
}

type SelectedRow = Awaited<ReturnType<ReturnType<typeof deliveries>['execute']>>[number]

function select(rows: readonly SelectedRow[]): readonly Delivery[] {
  return rows.map((row) => ({
    id: row.id,
    channelId: row.channel_id,
    channelName: row.channel_name,
    channelType: row.channel_type,
    incidentId: row.incident_id,
    monitorId: row.monitor_id,
    event: row.event,
    state: row.state,
    reason: row.reason,
    attempts: row.attempts,
    nextAttemptAtMs: row.next_attempt_at?.getTime() ?? null,
    createdAtMs: row.created_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
  }))
}
