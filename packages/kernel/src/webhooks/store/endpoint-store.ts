import type { AuditedTx } from '../../audit/index.ts'
import { type RawBuilder, type Selectable, sql } from 'kysely'
import { query, type TenantTx, type WriterTx, type WritingTx } from '../../db/index.ts'
import { listFailingSince } from '../../delivery/index.ts'
import { webhookQueueName } from '../webhook-queue-name.ts'

type EndpointRow = {
  org_id: string
  id: string
  service: string
  registered_by: string | null
  url: string
  description: string
  events: string[]
  is_asymmetric: boolean
  sealed_secret: string
  sealed_previous: string | null
  previous_until: Date | null
  state: 'enabled' | 'disabled'
  disabled_because: string | null
  created_at: Date
  updated_at: Date
}

type Tables = { 'gatehouse.webhook_endpoint': EndpointRow }

/** An endpoint as its org sees it: everything but the secret. */
export type WebhookEndpoint = {
  readonly id: string
  readonly service: string
  /** The service whose keys registered it; null: people did. */
  readonly registeredBy: string | null
  readonly url: string
  readonly description: string
  readonly events: readonly string[]
  /** Messages carry a `v1a` signature of the instance as well. */
  readonly asymmetric: boolean
  readonly state: 'enabled' | 'disabled'
  /** `failing`, `gone` (the receiver answered 410), or null while it is enabled. */
  readonly disabledBecause: string | null
  readonly failingSinceMs: number | null
  /** Until when the secret before the last rotation still signs. */
  readonly previousSecretUntilMs: number | null
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

export type NewEndpoint = Pick<
  WebhookEndpoint,
  'id' | 'service' | 'registeredBy' | 'url' | 'description' | 'events' | 'asymmetric'
> & {
  readonly sealedSecret: string
  readonly nowMs: number
}

export async function insertEndpoint(tx: AuditedTx, endpoint: NewEndpoint): Promise<void> {
  const { id, service, registeredBy, url, description, events, asymmetric, sealedSecret, nowMs } = endpoint
  await query<Tables>(tx)
    .insertInto('gatehouse.webhook_endpoint')
    .values({
      org_id: tx.orgId,
      id,
      service,
      registered_by: registeredBy,
      url,
      description,
      events: [...events],
      is_asymmetric: asymmetric,
      sealed_secret: sealedSecret,
      sealed_previous: null,
      previous_until: null,
      state: 'enabled',
      disabled_because: null,
      created_at: new Date(nowMs),
      updated_at: new Date(nowMs),
    })
    .execute()
}

/** Whose endpoints are meant: all that hear of a service, or of those only what the keys of one registered. */
export type EndpointsOf = { readonly service: string; readonly registeredBy?: string | undefined }

export async function listEndpoints(tx: TenantTx, of: EndpointsOf): Promise<WebhookEndpoint[]> {
  const rows = await ownOf(tx, of).orderBy('id').execute()
  return withHealth(tx, rows)
}

export async function findEndpoint(
  tx: TenantTx,
  of: EndpointsOf,
  id: string,
): Promise<WebhookEndpoint | undefined> {
  const rows = await ownOf(tx, of).where('id', '=', id).execute()
  return (await withHealth(tx, rows))[0]
}

/** Whichever service it is of. */
export async function findAnyEndpoint(tx: TenantTx, id: string): Promise<WebhookEndpoint | undefined> {
  const rows = await own(tx).where('id', '=', id).execute()
  return (await withHealth(tx, rows))[0]
}

/** Locked, with its sealed secret. */
export async function lockEndpoint(
  tx: AuditedTx,
  of: EndpointsOf,
  id: string,
): Promise<(WebhookEndpoint & { readonly sealedSecret: string }) | undefined> {
  const row = await ownOf(tx, of).where('id', '=', id).forUpdate().executeTakeFirst()
  const [endpoint] = row === undefined ? [] : await withHealth(tx, [row])
  return row && endpoint && { ...endpoint, sealedSecret: row.sealed_secret }
}

export type EndpointChange = {
  readonly url?: string | undefined
  readonly description?: string | undefined
  readonly events?: readonly string[] | undefined
  readonly asymmetric?: boolean | undefined
}

export async function setEndpoint(
  tx: AuditedTx,
  id: string,
  change: EndpointChange,
  nowMs: number,
): Promise<void> {
  const { url, description, events, asymmetric } = change
  await set(tx, tx.orgId, id, {
    ...(url === undefined ? {} : { url }),
    ...(description === undefined ? {} : { description }),
    ...(events === undefined ? {} : { events: [...events] }),
    ...(asymmetric === undefined ? {} : { is_asymmetric: asymmetric }),
    updated_at: new Date(nowMs),
  })
}

export type RotatedSecret = {
  readonly sealedSecret: string
  readonly sealedPrevious: string
  readonly previousUntilMs: number
}

export async function setSecret(
  tx: AuditedTx,
  id: string,
  secret: RotatedSecret,
  nowMs: number,
): Promise<void> {
  await set(tx, tx.orgId, id, {
    sealed_secret: secret.sealedSecret,
    sealed_previous: secret.sealedPrevious,
    previous_until: new Date(secret.previousUntilMs),
    updated_at: new Date(nowMs),
  })
}

export async function setEnabled(tx: AuditedTx, id: string, nowMs: number): Promise<void> {
  await set(tx, tx.orgId, id, {
    state: 'enabled',
    disabled_because: null,
    updated_at: new Date(nowMs),
  })
}

export async function setDisabled(
  tx: WritingTx,
  orgId: string,
  id: string,
  because: 'failing' | 'gone',
  nowMs: number,
): Promise<void> {
  await set(tx, orgId, id, { state: 'disabled', disabled_because: because, updated_at: new Date(nowMs) })
}

export async function deleteEndpoint(tx: AuditedTx, id: string): Promise<void> {
  await query<Tables>(tx)
    .deleteFrom('gatehouse.webhook_endpoint')
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .execute()
}

/** Who an event is for, and whether it waits: a disabled endpoint gets it once it is enabled again. */
export function subscribersTo(
  tx: TenantTx,
  service: string,
  type: string,
): RawBuilder<{ destination_id: string; state: string }> {
  return sql`
    SELECT id, CASE state WHEN 'enabled' THEN 'pending' ELSE 'held' END FROM gatehouse.webhook_endpoint
     WHERE org_id = ${tx.orgId} AND service = ${service} AND ${type} = ANY (events)`
}

/** An endpoint with what one attempt needs. */
export type SendingEndpoint = {
  readonly id: string
  readonly service: string
  readonly registeredBy: string | null
  readonly url: string
  readonly asymmetric: boolean
  readonly isEnabled: boolean
  readonly sealedSecret: string
  readonly previous: { readonly sealed: string; readonly untilMs: number } | null
}

/** Endpoints of any org, by `org/id`. */
export async function listSendingEndpoints(
  tx: WriterTx,
  sought: readonly { readonly orgId: string; readonly destinationId: string }[],
): Promise<ReadonlyMap<string, SendingEndpoint>> {
  const { rows } = await sql<EndpointRow>`
    SELECT e.* FROM gatehouse.webhook_endpoint e
     WHERE (e.org_id, e.id) IN (SELECT * FROM unnest(
       ${sought.map(({ orgId }) => orgId)}::uuid[], ${sought.map(({ destinationId }) => destinationId)}::text[]))`.execute(
    query(tx),
  )
  return new Map(
    rows.map((row) => [
      `${row.org_id}/${row.id}`,
      {
        id: row.id,
        service: row.service,
        registeredBy: row.registered_by,
        url: row.url,
        asymmetric: row.is_asymmetric,
        isEnabled: row.state === 'enabled',
        sealedSecret: row.sealed_secret,
        previous:
          row.sealed_previous === null || row.previous_until === null
            ? null
            : { sealed: row.sealed_previous, untilMs: row.previous_until.getTime() },
      },
    ]),
  )
}

async function set(
  tx: WritingTx,
  orgId: string,
  id: string,
  values: Partial<Selectable<EndpointRow>>,
): Promise<void> {
  await query<Tables>(tx)
    .updateTable('gatehouse.webhook_endpoint')
    .set(values)
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .execute()
}

function own(tx: TenantTx) {
  return query<Tables>(tx).selectFrom('gatehouse.webhook_endpoint').selectAll().where('org_id', '=', tx.orgId)
}

function ownOf(tx: TenantTx, { service, registeredBy }: EndpointsOf) {
  const all = own(tx).where('service', '=', service)
  return registeredBy === undefined ? all : all.where('registered_by', '=', registeredBy)
}

async function withHealth(
  tx: TenantTx,
  rows: readonly Selectable<EndpointRow>[],
): Promise<WebhookEndpoint[]> {
  if (rows.length === 0) return []
  const failing = await listFailingSince(tx, webhookQueueName)
  return rows.map((row) => toEndpoint(row, failing.get(row.id) ?? null))
}

function toEndpoint(row: Selectable<EndpointRow>, failingSinceMs: number | null): WebhookEndpoint {
  return {
    id: row.id,
    service: row.service,
    registeredBy: row.registered_by,
    url: row.url,
    description: row.description,
    events: row.events,
    asymmetric: row.is_asymmetric,
    state: row.state,
    disabledBecause: row.disabled_because,
    failingSinceMs,
    previousSecretUntilMs: row.previous_until?.getTime() ?? null,
    createdAtMs: row.created_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
  }
}
