import type { AuditedTx } from '@gatehouse/kernel/audit'
import {
  type EntityOf,
  fromRow,
  type GateTx,
  type NewOf,
  query,
  type TelemetryTx,
  type TenantTx,
  toEntity,
  toRow,
} from '@gatehouse/kernel/db'
import { deleteDeliveries } from '@gatehouse/kernel/delivery'
import { sql } from 'kysely'
import { subscriberColumns } from './subscriber-columns.ts'
import { subscriberQueues } from './subscriber-queue-name.ts'
import type { UptimeTables } from './tables.ts'

/** Somebody who is told what a status page tells, or was asked whether they want to be. */
export type Subscriber = EntityOf<typeof subscriberColumns>
export type NewSubscriber = NewOf<typeof subscriberColumns>

/** In the order of their creation, after `afterId`. */
export async function listSubscribers(
  tx: TenantTx,
  serviceId: string,
  { afterId = '', limit }: { readonly afterId?: string | undefined; readonly limit: number },
): Promise<readonly Subscriber[]> {
  const rows = await subscribers(tx)
    .where('service_id', '=', serviceId)
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => fromRow(subscriberColumns, row))
}

export async function countSubscribers(
  tx: TenantTx,
  serviceId: string,
  nowMs: number,
): Promise<{ readonly confirmed: number; readonly pending: number }> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.subscriber')
    .select([
      sql<string>`count(*) FILTER (WHERE confirmed_at IS NOT NULL)`.as('confirmed'),
      sql<string>`count(*) FILTER (WHERE expires_at > ${new Date(nowMs)})`.as('pending'),
    ])
    .where('service_id', '=', serviceId)
    .executeTakeFirstOrThrow()
  return { confirmed: Number(row.confirmed), pending: Number(row.pending) }
}

export async function findSubscriber(tx: TenantTx, id: string): Promise<Subscriber | undefined> {
  const row = await subscribers(tx).where('id', '=', id).executeTakeFirst()
  return row && fromRow(subscriberColumns, row)
}

export async function findSubscriberByEmail(
  tx: TenantTx,
  serviceId: string,
  email: string,
): Promise<Subscriber | undefined> {
  const row = await subscribers(tx)
    .where('service_id', '=', serviceId)
    .where('kind', '=', 'email')
    .where('address', '=', email)
    .executeTakeFirst()
  return row && fromRow(subscriberColumns, row)
}

/** Serializes what concerns one address of a page until the transaction ends. */
export async function lockAddress(tx: TelemetryTx, serviceId: string, email: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`uptime.subscriber:${serviceId}:${email}`}, 0))`.execute(
    query(tx),
  )
}

/** The subscription that a link belongs to. */
export async function findSubscriberByToken(
  tx: GateTx,
  digest: string,
): Promise<{ readonly orgId: string; readonly id: string } | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.subscriber')
    .select(['org_id', 'id'])
    .where('token_digest', '=', digest)
    .executeTakeFirst()
  return row && { orgId: row.org_id, id: row.id }
}

export async function insertSubscriber(tx: TelemetryTx | AuditedTx, given: NewSubscriber): Promise<void> {
  await query<UptimeTables>(tx)
    .insertInto('uptime.subscriber')
    .values({ org_id: tx.orgId, ...toRow(subscriberColumns, toEntity(subscriberColumns, given)) })
    .execute()
}

/** Replaces a subscription that was not confirmed by a newer request of the same address. */
export async function setPending(tx: TelemetryTx, subscriber: Subscriber): Promise<void> {
  const { id, ...columns } = toRow(subscriberColumns, subscriber)
  await query<UptimeTables>(tx)
    .updateTable('uptime.subscriber')
    .set(columns)
    .where('id', '=', id)
    .where('confirmed_at', 'is', null)
    .execute()
}

export async function setConfirmed(tx: AuditedTx, id: string, nowMs: number): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.subscriber')
    .set({ confirmed_at: new Date(nowMs), expires_at: null })
    .where('id', '=', id)
    .execute()
}

export async function setChosenComponents(
  tx: AuditedTx,
  id: string,
  componentIds: readonly string[],
): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.subscriber')
    .set({ component_ids: [...componentIds] })
    .where('id', '=', id)
    .execute()
}

/** Deletes a subscriber with everything that was sent to it or waits for it. */
export async function deleteSubscriber(tx: AuditedTx, id: string): Promise<void> {
  for (const queue of subscriberQueues) await deleteDeliveries(tx, queue, id)
  await query<UptimeTables>(tx).deleteFrom('uptime.subscriber').where('id', '=', id).execute()
}

function subscribers(tx: TenantTx) {
  return query<UptimeTables>(tx).selectFrom('uptime.subscriber').selectAll()
}
