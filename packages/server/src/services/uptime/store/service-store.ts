import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx } from '@gatehouse/kernel/db'
import { type Selectable, sql } from 'kysely'
import type { ServiceRow, UptimeTables } from './tables.ts'

/** A status page. */
export type Service = ServiceSettings & {
  readonly id: string
  readonly isDefault: boolean
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

export type ServiceSettings = {
  readonly name: string
  readonly slug: string
  readonly description: string | null
  readonly access: ServiceRow['access']
  readonly timeZone: string
  readonly language: ServiceRow['language']
  readonly autoPublish: boolean
}

/** The default page first, then in the order of their making. */
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

/** False when the slug is taken, by whichever org, or when the org has a default page and this is another. */
export async function insertService(tx: AuditedTx, service: Service): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await query<UptimeTables>(tx)
    .insertInto('uptime.service')
    .values({
      org_id: tx.orgId,
      id: service.id,
      is_default: service.isDefault,
      created_at: new Date(service.createdAtMs),
      updated_at: new Date(service.updatedAtMs),
      ...toColumns(service),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

/** Slugs are unique on the instance, so the database alone can say that one is taken: SQLSTATE 23505. */
export async function setServiceSettings(
  tx: AuditedTx,
  id: string,
  settings: ServiceSettings,
  nowMs: number,
): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.service')
    .set({ ...toColumns(settings), updated_at: new Date(nowMs), version: sql`version + 1` })
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

function toColumns(settings: ServiceSettings) {
  return {
    name: settings.name,
    slug: settings.slug,
    description: settings.description,
    is_public: settings.access !== 'members',
    access: settings.access,
    time_zone: settings.timeZone,
    language: settings.language,
    auto_publish: settings.autoPublish,
  }
}

function toService(row: Selectable<ServiceRow>): Service {
  return {
    id: row.id,
    name: row.name,
    slug: row.slug,
    description: row.description,
    isDefault: row.is_default,
    access: row.access,
    timeZone: row.time_zone,
    language: row.language,
    autoPublish: row.auto_publish,
    createdAtMs: row.created_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
  }
}
