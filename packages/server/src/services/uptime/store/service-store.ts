import type { AuditedTx } from '@gatehouse/kernel/audit'
import {
  type EntityOf,
  fromRow,
  type NewOf,
  query,
  type TenantTx,
  toEntity,
  toRow,
} from '@gatehouse/kernel/db'
import { type Selectable, sql } from 'kysely'
import { serviceColumns, serviceSettings } from './service-columns.ts'
import type { ServiceRow, UptimeTables } from './tables.ts'

/** A status page. */
export type Service = EntityOf<typeof serviceColumns>
export type ServiceSettings = EntityOf<typeof serviceSettings>
type NewService = NewOf<typeof serviceColumns>

/** The default page first, then in order of creation. */
export async function listServices(tx: TenantTx): Promise<readonly Service[]> {
  const rows = await services(tx).orderBy('is_default', 'desc').orderBy('id').execute()
  return rows.map(toService)
}

export async function findService(tx: TenantTx, id: string): Promise<Service | undefined> {
  const row = await services(tx).where('id', '=', id).executeTakeFirst()
  return row && toService(row)
}

export async function findDefaultService(tx: TenantTx): Promise<Service | undefined> {
  const row = await services(tx).where('is_default', '=', true).executeTakeFirst()
  return row && toService(row)
}

export async function lockService(tx: AuditedTx, id: string): Promise<Service | undefined> {
  const row = await services(tx).where('id', '=', id).forNoKeyUpdate().executeTakeFirst()
  return row && toService(row)
}

/** False if the slug is taken, by any organisation, or if the organisation has a default page already. */
export async function insertService(tx: AuditedTx, given: NewService): Promise<boolean> {
  const service = toEntity(serviceColumns, given)
  const { numInsertedOrUpdatedRows } = await query<UptimeTables>(tx)
    .insertInto('uptime.service')
    .values({ org_id: tx.orgId, ...toRow(serviceColumns, service), is_public: isPublic(service) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

/**
 * Slugs are unique on the instance, across organisations, so only the database can detect a conflict: SQLSTATE 23505.
 */
export async function setServiceSettings(
  tx: AuditedTx,
  id: string,
  settings: ServiceSettings,
  nowMs: number,
): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.service')
    .set({
      ...toRow(serviceSettings, settings),
      is_public: isPublic(settings),
      updated_at: new Date(nowMs),
      version: sql`version + 1`,
    })
    .where('id', '=', id)
    .execute()
}

/** Replaces the key of the page's feeds: whoever has the former one reads them no longer. */
export async function setFeedKey(
  tx: AuditedTx,
  id: string,
  { digest, sealed }: { readonly digest: string; readonly sealed: string },
): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.service')
    .set({ feed_key_digest: digest, sealed_feed_key: sealed })
    .where('id', '=', id)
    .execute()
}

/** Notifies screens that something on the page changed. */
export async function touchService(tx: AuditedTx, id: string, nowMs: number): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.service')
    .set({ updated_at: new Date(nowMs) })
    .where('id', '=', id)
    .execute()
}

export async function deleteService(tx: AuditedTx, id: string): Promise<void> {
  await query<UptimeTables>(tx).deleteFrom('uptime.service').where('id', '=', id).execute()
}

export async function countServices(tx: TenantTx): Promise<number> {
  const { count } = await query<UptimeTables>(tx)
    .selectFrom('uptime.service')
    .select((select) => select.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

export function isSlugTaken(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'service_slug_key'
}

function services(tx: TenantTx) {
  return query<UptimeTables>(tx).selectFrom('uptime.service').selectAll()
}

function isPublic({ access }: Pick<ServiceSettings, 'access'>): boolean {
  return access !== 'members'
}

function toService(row: Selectable<ServiceRow>): Service {
  return fromRow(serviceColumns, row)
}
