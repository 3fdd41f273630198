import type { AuditedTx } from '@gatehouse/kernel/audit'
import {
  type EntityOf,
  fromRow,
  type GateTx,
  query,
  type TelemetryTx,
  type TenantTx,
  toRow,
} from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { DomainFinding, DomainStatus } from '../domain/custom-domain.ts'
import { domainColumns } from './domain-columns.ts'
import type { UptimeTables } from './tables.ts'

/** The domain of a status page. */
export type PageDomain = EntityOf<typeof domainColumns>

/** The domains of all pages of the organisation, or of one page, by the page's id. */
export async function listPageDomains(
  tx: TenantTx,
  serviceId?: string,
): Promise<ReadonlyMap<string, PageDomain>> {
  let rows = query<UptimeTables>(tx)
    .selectFrom('uptime.page_domain')
    .selectAll()
    .where('org_id', '=', tx.orgId)
  if (serviceId !== undefined) rows = rows.where('service_id', '=', serviceId)
  return new Map((await rows.execute()).map((row) => [row.service_id, fromRow(domainColumns, row)]))
}

/** The domain at which the page `s` of a query is read now; null when there is none. */
export const activeDomain = sql<string | null>`(
  SELECT d.domain FROM uptime.page_domain d
   WHERE d.org_id = s.org_id AND d.service_id = s.id AND d.status = 'active')`

/** The domain at which a page is read now; null when there is none. */
export async function findActiveDomain(tx: TenantTx, serviceId: string): Promise<string | null> {
  const domain = (await listPageDomains(tx, serviceId)).get(serviceId)
  return domain?.status === 'active' ? domain.domain : null
}

export async function lockPageDomain(
  tx: AuditedTx | TelemetryTx,
  serviceId: string,
): Promise<PageDomain | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.page_domain')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('service_id', '=', serviceId)
    .forUpdate()
    .executeTakeFirst()
  return row && fromRow(domainColumns, row)
}

/** False if another page of the organisation has the domain. */
export async function insertPageDomain(tx: AuditedTx, domain: PageDomain): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await query<UptimeTables>(tx)
    .insertInto('uptime.page_domain')
    .values({ org_id: tx.orgId, ...toRow(domainColumns, domain) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

export async function deletePageDomain(tx: AuditedTx, serviceId: string): Promise<void> {
  await query<UptimeTables>(tx)
    .deleteFrom('uptime.page_domain')
    .where('org_id', '=', tx.orgId)
    .where('service_id', '=', serviceId)
    .execute()
}

/** Only the database can detect that another organisation's page has the domain: SQLSTATE 23505. */
export async function setDomainStatus(tx: AuditedTx, serviceId: string, status: DomainStatus): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.page_domain')
    .set({ status })
    .where('org_id', '=', tx.orgId)
    .where('service_id', '=', serviceId)
    .execute()
}

export async function setDomainFinding(
  tx: AuditedTx | TelemetryTx,
  serviceId: string,
  { finding, badDays, checkedAtMs }: { finding: DomainFinding; badDays: number; checkedAtMs: number },
): Promise<void> {
  await query<UptimeTables>(tx)
    .updateTable('uptime.page_domain')
    .set({ finding: JSON.stringify(finding), bad_days: badDays, checked_at: new Date(checkedAtMs) })
    .where('org_id', '=', tx.orgId)
    .where('service_id', '=', serviceId)
    .execute()
}

export function isDomainTaken(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'page_domain_of_one_page'
}

/** Whether a page of any organisation has the domain, other than this one. */
export async function isDomainActive(
  tx: GateTx,
  domain: string,
  except: { readonly orgId: string; readonly serviceId: string },
): Promise<boolean> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.page_domain')
    .select(['org_id', 'service_id'])
    .where('domain', '=', domain)
    .where('status', '=', 'active')
    .executeTakeFirst()
  return row !== undefined && !(row.org_id === except.orgId && row.service_id === except.serviceId)
}

/** Which page is read under which domain, on the whole instance. */
export async function listActiveDomains(
  tx: GateTx,
): Promise<readonly { readonly domain: string; readonly slug: string }[]> {
  return query<UptimeTables>(tx)
    .selectFrom('uptime.page_domain as d')
    .innerJoin('uptime.service as s', (join) =>
      join.onRef('s.org_id', '=', 'd.org_id').onRef('s.id', '=', 'd.service_id'),
    )
    .select(['d.domain', 's.slug'])
    .where('d.status', '=', 'active')
    .execute()
}

export type DueDomain = PageDomain & { readonly orgId: string }

/** Active domains that have not been checked since `dueMs`; strictly after `afterDomain`. */
export async function listDueDomains(
  tx: GateTx,
  dueMs: number,
  afterDomain: string,
  max: number,
): Promise<readonly DueDomain[]> {
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.page_domain')
    .selectAll()
    .where('status', '=', 'active')
    .where('checked_at', '<=', new Date(dueMs))
    .where('domain', '>', afterDomain)
    .orderBy('domain')
    .limit(max)
    .execute()
  return rows.map((row) => ({ ...fromRow(domainColumns, row), orgId: row.org_id }))
}
