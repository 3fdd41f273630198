import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx, toRow } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Layout, Placement, Section } from '../domain/layout.ts'
import type { MonitorState } from '../domain/monitor.ts'
import { componentColumns, sectionColumns } from './layout-columns.ts'
import type { UptimeTables } from './tables.ts'

/** What pages and layouts show of a monitor's state. */
export type ShownState = Pick<MonitorState, 'status' | 'maintenance' | 'vouchedUntilMs'>

export type StoredComponent = Placement & {
  readonly monitorName: string | null
  /** Null without a monitor. */
  readonly monitorState: ShownState | null
}

/** The layout of a page; `shownMax` limits the components read for pages with thousands. */
export async function findLayout(
  tx: TenantTx,
  serviceId: string,
  { shownMax }: { readonly shownMax?: number } = {},
): Promise<Layout<StoredComponent>> {
  return {
    sections: await listSections(tx, serviceId),
    components: await listComponents(tx, serviceId, shownMax),
  }
}

/** Locks a page's components, so that they are not moved or deleted until the transaction ends. */
export async function lockComponents(tx: AuditedTx, serviceId: string): Promise<void> {
  await query<UptimeTables>(tx)
    .selectFrom('uptime.component')
    .select('id')
    .where('service_id', '=', serviceId)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
}

/** Replaces the layout of a page. The caller has locked the page and its components. */
export async function setLayout(
  tx: AuditedTx,
  serviceId: string,
  { sections, components }: Layout,
): Promise<void> {
  await deleteUnnamed(tx, 'uptime.section', serviceId, sections)
  await deleteUnnamed(tx, 'uptime.component', serviceId, components)
  if (sections.length > 0)
    await query<UptimeTables>(tx)
      .insertInto('uptime.section')
      .values(
        sections.map((section, position) => ({
          org_id: tx.orgId,
          ...toRow(sectionColumns, { ...section, serviceId, position }),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['org_id', 'id']).doUpdateSet((set) => ({
          name: set.ref('excluded.name'),
          position: set.ref('excluded.position'),
        })),
      )
      .execute()
  if (components.length > 0)
    await query<UptimeTables>(tx)
      .insertInto('uptime.component')
      .values(
        components.map((component, position) => ({
          org_id: tx.orgId,
          ...toRow(componentColumns, { ...component, serviceId, position }),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['org_id', 'id']).doUpdateSet((set) => ({
          state: set.ref('excluded.state'),
          section_id: set.ref('excluded.section_id'),
          position: set.ref('excluded.position'),
          display_name: set.ref('excluded.display_name'),
          description: set.ref('excluded.description'),
          hidden: set.ref('excluded.hidden'),
        })),
      )
      .execute()
}

/** Called before monitors are deleted: copies their visibility and public name to their incidents. */
export async function keepPublicFaces(tx: AuditedTx, monitorIds: readonly string[]): Promise<void> {
  await sql`
    UPDATE uptime.incident i
       SET public_name = c.display_name, visibility = CASE WHEN c.hidden THEN 'hidden' ELSE i.visibility END
      FROM uptime.component c
     WHERE i.org_id = ${tx.orgId} AND c.org_id = i.org_id AND c.monitor_id = i.monitor_id
       AND c.monitor_id = ANY (${[...monitorIds]}::text[]) AND (c.hidden OR c.display_name IS NOT NULL)`.execute(
    query(tx),
  )
}

async function listSections(tx: TenantTx, serviceId: string): Promise<readonly Section[]> {
  return query<UptimeTables>(tx)
    .selectFrom('uptime.section')
    .select(['id', 'name'])
    .where('org_id', '=', tx.orgId)
    .where('service_id', '=', serviceId)
    .orderBy('position')
    .orderBy('id')
    .execute()
}

async function listComponents(
  tx: TenantTx,
  serviceId: string,
  shownMax: number | undefined,
): Promise<readonly StoredComponent[]> {
  let rows = query<UptimeTables>(tx)
    .selectFrom('uptime.component as c')
    .leftJoin('uptime.section as x', (join) =>
      join.onRef('x.org_id', '=', 'c.org_id').onRef('x.id', '=', 'c.section_id'),
    )
    .leftJoin('uptime.monitor as m', (join) =>
      join.onRef('m.org_id', '=', 'c.org_id').onRef('m.id', '=', 'c.monitor_id'),
    )
    .leftJoin('uptime.monitor_state as s', (join) =>
      join.onRef('s.org_id', '=', 'c.org_id').onRef('s.monitor_id', '=', 'c.monitor_id'),
    )
    .select([
      'c.id',
      'c.monitor_id',
      'c.state',
      'c.section_id',
      'c.display_name',
      'c.description',
      'c.hidden',
    ])
    .select(['m.name as monitor_name', 's.status as monitor_status'])
    // Not the whole state: with it, PostgreSQL would sort large pages on disk.
    .select([
      sql<MonitorState['maintenance']>`s.state -> 'maintenance'`.as('maintenance'),
      sql<number | null>`(s.state ->> 'vouchedUntilMs')::float8`.as('vouched_until_ms'),
    ])
    .where('c.org_id', '=', tx.orgId)
    .where('c.service_id', '=', serviceId)
    .orderBy('x.position', (order) => order.asc().nullsFirst())
    .orderBy('c.position', (order) => order.asc().nullsLast())
    .orderBy('c.id')
  if (shownMax !== undefined) rows = rows.where('c.hidden', '=', false).limit(shownMax)
  return (await rows.execute()).map((row) => ({
    id: row.id,
    monitorId: row.monitor_id,
    state: row.state,
    sectionId: row.section_id,
    displayName: row.display_name,
    description: row.description,
    hidden: row.hidden,
    monitorName: row.monitor_name,
    monitorState:
      row.monitor_status === null
        ? null
        : {
            status: row.monitor_status,
            maintenance: row.maintenance,
            vouchedUntilMs: row.vouched_until_ms,
          },
  }))
}

async function deleteUnnamed(
  tx: AuditedTx,
  table: 'uptime.section' | 'uptime.component',
  serviceId: string,
  named: readonly { readonly id: string }[],
): Promise<void> {
  await query<UptimeTables>(tx)
    .deleteFrom(table)
    .where('service_id', '=', serviceId)
    .where((where) => where.not(where('id', 'in', ['', ...named.map(({ id }) => id)])))
    .execute()
}
