import { query, type TelemetryTx, type TenantTx, type WriterTx } from '@gatehouse/kernel/db'
import { insertDelivery } from '@gatehouse/kernel/delivery'
import { sql } from 'kysely'
import type { IncidentNews, Recipient } from '../domain/subscriber-notice.ts'
import { activeDomain } from './domain-store.ts'
import { subscriberQueueNames, subscriberQueues } from './subscriber-queue-name.ts'
import type { UptimeTables } from './tables.ts'

export type PageOfNotice = {
  readonly id: string
  readonly name: string
  readonly slug: string
  /** The page's own domain, while it is read there. */
  readonly domain: string | null
  readonly timeZone: string
}

/** An incident as its page tells it. */
export type PublicIncident = {
  readonly page: PageOfNotice
  /** Whether the page shows it. */
  readonly isShown: boolean
  readonly isAuto: boolean
  readonly incident: Omit<IncidentNews['incident'], 'body'>
}

export async function findPublicIncident(tx: TenantTx, id: string): Promise<PublicIncident | undefined> {
  const row = await query<UptimeTables>(tx)
    .selectFrom('uptime.incident as i')
    .innerJoin('uptime.service as s', (join) =>
      join.onRef('s.org_id', '=', 'i.org_id').onRef('s.id', '=', 'i.service_id'),
    )
    .leftJoin('uptime.component as c', (join) =>
      join.onRef('c.org_id', '=', 'i.org_id').onRef('c.monitor_id', '=', 'i.monitor_id'),
    )
    .selectAll('i')
    .select([
      's.name as page_name',
      's.slug',
      's.time_zone',
      activeDomain.as('domain'),
      'c.id as component_id',
      'c.display_name',
      'c.hidden',
    ])
    .where('i.org_id', '=', tx.orgId)
    .where('i.id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const name = row.display_name ?? row.public_name ?? row.monitor_name ?? ''
  return {
    page: toPage(row.service_id, row),
    isShown: row.visibility === 'public' && row.public_phase !== null && row.hidden !== true,
    isAuto: row.type !== 'manual',
    incident: {
      id: row.id,
      title: row.title,
      component: row.component_id === null ? null : { id: row.component_id, name },
      impact: row.impact,
      startedAtMs: row.started_at.getTime(),
      resolvedAtMs: row.resolved_at?.getTime() ?? null,
      phase: row.public_phase ?? 'investigating',
    },
  }
}

function toPage(
  id: string,
  row: {
    readonly page_name: string
    readonly slug: string
    readonly domain: string | null
    readonly time_zone: string
  },
): PageOfNotice {
  return { id, name: row.page_name, slug: row.slug, domain: row.domain, timeZone: row.time_zone }
}

/** Components of monitors that their pages show, with those pages. */
export async function listShownComponents(
  tx: TenantTx,
  monitorIds: readonly string[],
): Promise<readonly { readonly id: string; readonly name: string; readonly page: PageOfNotice }[]> {
  if (monitorIds.length === 0) return []
  const rows = await query<UptimeTables>(tx)
    .selectFrom('uptime.component as c')
    .innerJoin('uptime.monitor as m', (join) =>
      join.onRef('m.org_id', '=', 'c.org_id').onRef('m.id', '=', 'c.monitor_id'),
    )
    .innerJoin('uptime.service as s', (join) =>
      join.onRef('s.org_id', '=', 'c.org_id').onRef('s.id', '=', 'c.service_id'),
    )
    .select([
      'c.id',
      'c.display_name',
      'm.name',
      's.id as page_id',
      's.name as page_name',
      's.slug',
      's.time_zone',
      activeDomain.as('domain'),
    ])
    .where('c.org_id', '=', tx.orgId)
    .where('c.monitor_id', 'in', [...monitorIds])
    .where('c.hidden', '=', false)
    .orderBy('c.position')
    .orderBy('c.id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.display_name ?? row.name,
    page: toPage(row.page_id, row),
  }))
}

/** Who is to be told: of one page those who chose any of the components, or of one topic those who were told before. */
export type Audience =
  | {
      readonly serviceId: string
      /** Null: the whole page. */ readonly componentIds: readonly string[] | null
    }
  | { readonly toldOf: string; /** Of this page alone, where one is named. */ readonly serviceId?: string }

export type NewNotice = {
  readonly id: string
  readonly event: string
  readonly body: string
  readonly atMs: number
  readonly topic: { readonly id: string; readonly occurrence: string }
}

/** Puts one notice into the outbox for each subscriber concerned; one that is there already is not added again. */
export async function insertNotice(tx: TelemetryTx, notice: NewNotice, to: Audience): Promise<void> {
  const { orgId } = tx
  const isConcerned =
    'toldOf' in to
      ? sql`(${to.serviceId ?? null}::text IS NULL OR s.service_id = ${to.serviceId ?? null})
            AND EXISTS (SELECT ${told(tx, to.toldOf)} AND d.destination_id = s.id)`
      : sql`s.service_id = ${to.serviceId}
            AND (s.component_ids = '{}' OR ${to.componentIds}::text[] IS NULL
                 OR s.component_ids && ${to.componentIds}::text[])`
  for (const kind of ['email', 'webhook'] as const)
    await insertDelivery(
      tx,
      { orgId, queue: subscriberQueueNames[kind], ...notice },
      sql<{ destination_id: string; state: string }>`
        SELECT s.id, 'pending' FROM uptime.subscriber s
         WHERE s.org_id = ${orgId} AND s.kind = ${kind} AND s.confirmed_at IS NOT NULL AND ${isConcerned}`,
    )
}

/** Whether anybody was told of the topic, or is about to be. */
export async function isTold(tx: TenantTx, topic: string): Promise<boolean> {
  const { rows } = await sql<{ is_told: boolean }>`
    SELECT EXISTS (SELECT ${told(tx, topic)}) AS is_told`.execute(query(tx))
  return rows[0]?.is_told === true
}

function told({ orgId }: TenantTx, topic: string) {
  return sql`FROM gatehouse.delivery d
              WHERE d.org_id = ${orgId} AND d.queue = ANY (${subscriberQueues}::text[]) AND d.topic = ${topic}
                AND d.state IN ('pending', 'delivered')`
}

/** A subscriber with what one delivery attempt needs. */
export type SendingSubscriber = Recipient & {
  readonly id: string
  readonly address: string
  readonly sealedConfig: string
  readonly language: 'en' | 'ja'
}

type Sought = { readonly orgId: string; readonly destinationId: string; readonly topic: string | null }

/** Subscribers of several organisations, by `org/id`. */
export async function listSendingSubscribers(
  tx: WriterTx,
  sought: readonly Sought[],
): Promise<ReadonlyMap<string, SendingSubscriber>> {
  const { rows } = await sql<{
    org_id: string
    id: string
    kind: 'email' | 'webhook'
    address: string
    sealed_config: string
    language: 'en' | 'ja'
    is_confirmed: boolean
    access: Recipient['access']
    is_suspended: boolean
  }>`
    SELECT b.org_id, b.id, b.kind, b.address, b.sealed_config, b.language, b.confirmed_at IS NOT NULL AS is_confirmed,
           s.access, o.suspended_at IS NOT NULL AS is_suspended
      FROM uptime.subscriber b JOIN uptime.service s ON s.org_id = b.org_id AND s.id = b.service_id
      JOIN gatehouse.org o ON o.org_id = b.org_id
     WHERE (b.org_id, b.id) IN (SELECT * FROM unnest(
       ${sought.map(({ orgId }) => orgId)}::uuid[],
       ${sought.map(({ destinationId }) => destinationId)}::text[]))`.execute(query(tx))
  return new Map(
    rows.map((row) => [
      `${row.org_id}/${row.id}`,
      {
        id: row.id,
        kind: row.kind,
        address: row.address,
        sealedConfig: row.sealed_config,
        language: row.language,
        isConfirmed: row.is_confirmed,
        isOrgSuspended: row.is_suspended,
        access: row.access,
      },
    ]),
  )
}

/** Whether incidents may be told, by `org/incident`; deleted ones are left out. */
export async function listVisibilities(
  tx: WriterTx,
  sought: readonly Sought[],
): Promise<ReadonlyMap<string, 'public' | 'hidden'>> {
  const { rows } = await sql<{ org_id: string; id: string; visibility: 'public' | 'hidden' }>`
    SELECT org_id, id, visibility FROM uptime.incident
     WHERE (org_id, id) IN (SELECT * FROM unnest(
       ${sought.map(({ orgId }) => orgId)}::uuid[], ${sought.map(({ topic }) => topic)}::text[]))`.execute(
    query(tx),
  )
  return new Map(rows.map((row) => [`${row.org_id}/${row.id}`, row.visibility]))
}
