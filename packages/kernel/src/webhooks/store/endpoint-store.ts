import type { AuditedTx } from '../../audit/index.ts'
import { type RawBuilder, type Selectable, sql, type Updateable } from 'kysely'
import {
  type EntityOf,
  fromRow,
  type NewOf,
  query,
  type RowOf,
  type TenantTx,
  toEntity,
  toRow,
  type WriterTx,
  type WritingTx,
} from '../../db/index.ts'
import { listFailingSince } from '../../delivery/index.ts'
import { webhookQueueName } from '../webhook-queue-name.ts'
import { endpointColumns, endpointSettings } from './endpoint-columns.ts'

type EndpointRow = RowOf<typeof endpointColumns>
type Tables = { 'gatehouse.webhook_endpoint': EndpointRow }

/** An endpoint as its org sees it: everything but the secret. */
export type WebhookEndpoint = Omit<EntityOf<typeof endpointColumns>, 'sealedSecret' | 'sealedPrevious'> & {
  readonly failingSinceMs: number | null
}

type EndpointSettings = EntityOf<typeof endpointSettings>
export type EndpointChange = {
  readonly [Name in keyof EndpointSettings]?: EndpointSettings[Name] | undefined
}
export type NewEndpoint = NewOf<typeof endpointColumns>

export async function insertEndpoint(tx: AuditedTx, endpoint: NewEndpoint): Promise<void> {
  await query<Tables>(tx)
    .insertInto('gatehouse.webhook_endpoint')
    .values({ org_id: tx.orgId, ...toRow(endpointColumns, toEntity(endpointColumns, endpoint)) })
    .execute()
}

/**
 * Which endpoints are meant: all that receive events of a service, or only those that keys of `registeredBy`
 * registered.
 */
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

/** Finds an endpoint of any service. */
export async function findAnyEndpoint(tx: TenantTx, id: string): Promise<WebhookEndpoint | undefined> {
  const rows = await own(tx).where('id', '=', id).execute()
  return (await withHealth(tx, rows))[0]
}

/** Locks an endpoint and returns it with its sealed secret. */
export async function lockEndpoint(
  tx: AuditedTx,
  of: EndpointsOf,
  id: string,
): Promise<(WebhookEndpoint & { readonly sealedSecret: string }) | undefined> {
  const row = await ownOf(tx, of).where('id', '=', id).forUpdate().executeTakeFirst()
  const [endpoint] = row === undefined ? [] : await withHealth(tx, [row])
  return row && endpoint && { ...endpoint, sealedSecret: row.sealed_secret }
}

export async function setEndpoint(
  tx: AuditedTx,
  id: string,
  settings: EndpointSettings,
  nowMs: number,
): Promise<void> {
  await set(tx, tx.orgId, id, { ...toRow(endpointSettings, settings), updated_at: new Date(nowMs) })
}

export type RotatedSecret = {
  readonly sealedSecret: string
  /** The previous secret, sealed, and until when it signs as well; null when there is none. */
  readonly previous: { readonly sealed: string; readonly untilMs: number } | null
}

export async function setSecret(
  tx: AuditedTx,
  id: string,
  secret: RotatedSecret,
  nowMs: number,
): Promise<void> {
  await set(tx, tx.orgId, id, {
    sealed_secret: secret.sealedSecret,
    sealed_previous: secret.previous?.sealed ?? null,
    previous_until: secret.previous === null ? null : new Date(secret.previous.untilMs),
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

/**
 * The endpoints that receive an event, and in which state the delivery starts: for a disabled endpoint it is held until
 * the endpoint is enabled again.
 */
export function subscribersTo(
  tx: TenantTx,
  service: string,
  type: string,
): RawBuilder<{ destination_id: string; state: string }> {
  return sql`
    SELECT id, CASE state WHEN 'enabled' THEN 'pending' ELSE 'held' END FROM gatehouse.webhook_endpoint
     WHERE org_id = ${tx.orgId} AND service = ${service} AND ${type} = ANY (events)`
}

/** Orgs that have an endpoint for events of this type, for events that go to all who subscribe. */
export async function listSubscribedOrgs(
  tx: WriterTx,
  service: string,
  type: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ org_id: string }>`
    SELECT DISTINCT org_id FROM gatehouse.webhook_endpoint
     WHERE service = ${service} AND ${type} = ANY (events)`.execute(query(tx))
  return rows.map((row) => row.org_id)
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

/** Endpoints of any org, keyed by `org/id`. */
export async function listSendingEndpoints(
  tx: WriterTx,
  sought: readonly { readonly orgId: string; readonly destinationId: string }[],
): Promise<ReadonlyMap<string, SendingEndpoint>> {
  const { rows } = await sql<Selectable<EndpointRow>>`
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

async function set(tx: WritingTx, orgId: string, id: string, values: Updateable<EndpointRow>): Promise<void> {
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
  const { sealedSecret: _secret, sealedPrevious: _previous, ...shown } = fromRow(endpointColumns, row)
  return { ...shown, failingSinceMs }
}
