import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { type Selectable, sql } from 'kysely'
import type { ChannelRow, UptimeTables } from './tables.ts'

/** Where notices go. The config is sealed; `summary` is what may be shown of it. */
export type Channel = {
  readonly id: string
  readonly type: ChannelRow['type']
  readonly name: string
  readonly sealedConfig: string
  readonly summary: string
  readonly isActive: boolean
  readonly verified: boolean
  readonly isDefault: boolean
  readonly delaySeconds: number
  readonly events: readonly string[]
  readonly language: 'en' | 'ja'
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

export async function listChannels(tx: TenantTx): Promise<readonly Channel[]> {
  return (await channels(tx).orderBy('id').execute()).map(toChannel)
}

export async function findChannel(tx: TenantTx, id: string): Promise<Channel | undefined> {
  const row = await channels(tx).where('id', '=', id).executeTakeFirst()
  return row && toChannel(row)
}

export async function lockChannel(tx: AuditedTx, id: string): Promise<Channel | undefined> {
  const row = await channels(tx).where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
  return row && toChannel(row)
}

export async function insertChannel(tx: AuditedTx, channel: Channel): Promise<void> {
  await query<UptimeTables>(tx)
    .insertInto('uptime.channel')
    .values({
      org_id: tx.orgId,
      type: channel.type,
      last_test_at: null,
      created_at: new Date(channel.createdAtMs),
      ...toColumns(channel),
    })
    .execute()
}

/** Writes the channel as it is from now on. One that is switched on again has no dead deliveries to its name. */
export async function setChannel(tx: AuditedTx, channel: Channel): Promise<void> {
  const { id, ...columns } = toColumns(channel)
  await query<UptimeTables>(tx)
    .updateTable('uptime.channel')
    .set({
      ...columns,
      consecutive_dead: sql`CASE WHEN is_active THEN consecutive_dead ELSE 0 END`,
    })
    .where('id', '=', id)
    .execute()
}

/** Lets notices out to this address; a channel that has another one by now is left alone. */
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

/** Remembers a test unless one was remembered after `sinceMs`; else it says when the last one was. */
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
  if (last !== null && last.getTime() > sinceMs) return { remembered: false, lastAtMs: last.getTime() }
  await query<UptimeTables>(tx)
    .updateTable('uptime.channel')
    .set({ last_test_at: new Date(nowMs) })
    .where('id', '=', id)
    .execute()
  return { remembered: true }
}

/** Bindings and the delivery log go with it. */
export async function deleteChannel(tx: AuditedTx, id: string): Promise<void> {
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

function channels(tx: TenantTx) {
  return query<UptimeTables>(tx).selectFrom('uptime.channel').selectAll()
}

function toColumns(channel: Channel) {
  return {
    id: channel.id,
    name: channel.name,
    sealed_config: channel.sealedConfig,
    summary: channel.summary,
    is_active: channel.isActive,
    verified: channel.verified,
    is_default: channel.isDefault,
    delay_seconds: channel.delaySeconds,
    events: [...channel.events],
    language: channel.language,
    updated_at: new Date(channel.updatedAtMs),
  }
}

function toChannel(row: Selectable<ChannelRow>): Channel {
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    sealedConfig: row.sealed_config,
    summary: row.summary,
    isActive: row.is_active,
    verified: row.verified,
    isDefault: row.is_default,
    delaySeconds: row.delay_seconds,
    events: row.events,
    language: row.language,
    createdAtMs: row.created_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
  }
}
