import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type EntityOf, type GateTx, query, type TenantTx, toRow } from '@gatehouse/kernel/db'
import { logoColumns } from './logo-columns.ts'
import type { UptimeTables } from './tables.ts'

export type Logo = EntityOf<typeof logoColumns>
/** A page's logo without the image itself. */
export type LogoHead = Pick<Logo, 'file' | 'width' | 'height'>

/** The logos of all pages of the organisation, or of one page. */
export async function listLogos(tx: TenantTx, serviceId?: string): Promise<ReadonlyMap<string, LogoHead>> {
  let rows = query<UptimeTables>(tx)
    .selectFrom('uptime.page_logo')
    .select(['service_id', 'file', 'width', 'height'])
    .where('org_id', '=', tx.orgId)
  if (serviceId !== undefined) rows = rows.where('service_id', '=', serviceId)
  return new Map((await rows.execute()).map(({ service_id, ...head }) => [service_id, head]))
}

/** Searches all organisations: knowing the unguessable file name is the proof of access. */
export async function findLogo(
  tx: GateTx,
  file: string,
): Promise<{ readonly mediaType: Logo['mediaType']; readonly body: Buffer } | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.page_logo')
    .select(['media_type', 'content'])
    .where('file', '=', file)
    .executeTakeFirst()
  return row && { mediaType: row.media_type, body: Buffer.from(row.content, 'base64') }
}

export async function insertLogo(tx: AuditedTx, logo: Logo): Promise<void> {
  await query<UptimeTables>(tx)
    .insertInto('uptime.page_logo')
    .values({ org_id: tx.orgId, ...toRow(logoColumns, logo) })
    .execute()
}

export async function deleteLogo(tx: AuditedTx, serviceId: string): Promise<void> {
  await query<UptimeTables>(tx).deleteFrom('uptime.page_logo').where('service_id', '=', serviceId).execute()
}
