import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type EntityOf, fromRow, query, type TelemetryTx, type TenantTx, toRow } from '@gatehouse/kernel/db'
import { deleteDeliveries } from '@gatehouse/kernel/delivery'
import type { Selectable } from 'kysely'
import { channelColumns } from './channel-columns.ts'
import { channelQueueName } from './channel-queue-name.ts'
import type { ChannelRow, UptimeTables } from './tables.ts'

/** A notification channel. The config is sealed; `summary` is its displayable part. */
export type Channel = EntityOf<typeof channelColumns>

export async function listChannels(tx: TenantTx): Promise<readonly Channel[]> {
  return (await channels(tx).orderBy('id').execute()).map(toChannel)
}

export async function findChannel(tx: TenantTx, id: string): Promise<Channel | undefined> {
  const row = await channels(tx).where('id', '=', id).executeTakeFirst()
  return row && toChannel(row)
}

export async function lockChannel(tx: TelemetryTx, id: string): Promise<Channel | undefined> {
  const row = await channels(tx).where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
  return row && toChannel(row)
}

export async function insertChannel(tx: AuditedTx, channel: Channel): Promise<void> {
  await query<UptimeTables>(tx)
    .insertInto('uptime.channel')
    .values({ org_id: tx.orgId, ...toRow(channelColumns, channel) })
    .execute()
}

/** Writes the channel as it is from now on. */
export async function setChannel(tx: AuditedTx, channel: Channel): Promise<void> {
  // The time of the last test is written by tests only.
  const { id, type: _type, created_at: _made, last_test_at: _tested, ...row } = toRow(channelColumns, channel)
  await query<UptimeTables>(tx).updateTable('uptime.channel').set(row).where('id', '=', id).execute()
}

/** Verifies a channel's address, if it still has that address. */
export async function setChannelVerified(
  tx: AuditedTx,
  id: string,
  email: string,
  nowMs: number,
): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.channel')
    .set({ verified: true, updated_at: new Date(nowMs) })
    .where('id', '=', id)
    .where('summary', '=', email)
    .execute()
}

/** Records a test, unless one was recorded after `sinceMs`; then returns when. */
export async function setTested(
  tx: AuditedTx,
  id: string,
  nowMs: number,
  sinceMs: number,
): Promise<{ readonly remembered: true } | { readonly remembered: false; readonly lastAtMs: number }> {
  const { last_test_at: last } = await query<UptimeTables>(tx)
    .selectFrom('uptime.channel')
    .select('last_test_at')
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
  const lastAtMs = last?.getTime() ?? -Infinity
  // A time in the future is from before the clock stepped back.
  if (lastAtMs > sinceMs && lastAtMs <= nowMs) return { remembered: false, lastAtMs }
  await query<UptimeTables>(tx)
    .updateTable('uptime.channel')
    .set({ last_test_at: new Date(nowMs) })
    .where('id', '=', id)
    .execute()
  return { remembered: true }
}

export async function setInactive(tx: AuditedTx, id: string, nowMs: number): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.channel')
    .set({ is_active: false, updated_at: new Date(nowMs) })
    .where('id', '=', id)
    .execute()
}

/** Its bindings and its delivery log are deleted with it. */
export async function deleteChannel(tx: AuditedTx, id: string): Promise<void> {
  await deleteDeliveries(tx, channelQueueName, id)
  await query<UptimeTables>(tx).deleteFrom('uptime.channel').where('id', '=', id).execute()
}

export async function countChannels(tx: TenantTx): Promise<number> {
  const { count } = await query<UptimeTables>(tx)
    .selectFrom('uptime.channel')
    .select((select) => select.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

export type Binding = { readonly channelId: string; readonly delaySeconds: number | null }

/** Replaces the channels that a monitor is bound to. */
export async function setBindings(
  tx: AuditedTx,
  monitorId: string,
  bindings: readonly Binding[],
): Promise<void> {
  const db = query<UptimeTables>(tx)
  await db.deleteFrom('uptime.channel_binding').where('monitor_id', '=', monitorId).execute()
  if (bindings.length === 0) return
  await db
    .insertInto('uptime.channel_binding')
    .values(
      bindings.map(({ channelId, delaySeconds }) => ({
        org_id: tx.orgId,
        monitor_id: monitorId,
        channel_id: channelId,
        delay_seconds: delaySeconds,
      })),
    )
    .execute()
}

/** The channels chosen for a monitor, in order of creation. */
export async function listBoundChannels(
  tx: TenantTx,
  monitorId: string,
): Promise<readonly { readonly id: string; readonly name: string; readonly delaySeconds: number | null }[]> {
  return query<UptimeTables>(tx)
    .selectFrom('uptime.channel_binding as b')
    .innerJoin('uptime.channel as c', (join) =>
      join.onRef('c.org_id', '=', 'b.org_id').onRef('c.id', '=', 'b.channel_id'),
    )
    .select(['c.id', 'c.name', 'b.delay_seconds as delaySeconds'])
    .where('b.monitor_id', '=', monitorId)
    .orderBy('c.id')
    .execute()
}

function channels(tx: TenantTx) {
  return query<UptimeTables>(tx).selectFrom('uptime.channel').selectAll()
}

function toChannel(row: Selectable<ChannelRow>): Channel {
  return fromRow(channelColumns, row)
}
