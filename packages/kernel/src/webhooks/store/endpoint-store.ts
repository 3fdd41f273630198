import type { Selectable } from 'kysely'
import { type AnyTx, query, type TenantTx } from '../../db/index.ts'

type EndpointRow = {
  org_id: string
  id: string
  service: string
  url: string
  description: string
  events: string[]
  is_asymmetric: boolean
  sealed_secret: string
  sealed_previous: string | null
  previous_until: Date | null
  state: 'enabled' | 'disabled'
  disabled_because: string | null
  failing_since: Date | null
  told_percent: number
  not_before: Date | null
  created_at: Date
  updated_at: Date
}

type Tables = { 'gatehouse.webhook_endpoint': EndpointRow }

/** An endpoint as its org sees it: everything but the secret. */
export type WebhookEndpoint = {
  readonly id: string
  readonly service: string
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
  'id' | 'service' | 'url' | 'description' | 'events' | 'asymmetric'
> & {
  readonly sealedSecret: string
  readonly nowMs: number
}

export async function insertEndpoint(tx: TenantTx, endpoint: NewEndpoint): Promise<void> {
  const { id, service, url, description, events, asymmetric, sealedSecret, nowMs } = endpoint
  await query<Tables>(tx)
    .insertInto('gatehouse.webhook_endpoint')
    .values({
      org_id: tx.orgId,
      id,
      service,
      url,
      description,
      events: [...events],
      is_asymmetric: asymmetric,
      sealed_secret: sealedSecret,
      sealed_previous: null,
      previous_until: null,
      state: 'enabled',
      disabled_because: null,
      failing_since: null,
      told_percent: 0,
      not_before: null,
      created_at: new Date(nowMs),
      updated_at: new Date(nowMs),
    })
    .execute()
}

export async function listEndpoints(tx: TenantTx, service: string): Promise<WebhookEndpoint[]> {
  const rows = await own(tx).where('service', '=', service).orderBy('id').execute()
  return rows.map(toEndpoint)
}

export async function findEndpoint(
  tx: TenantTx,
  service: string,
  id: string,
): Promise<WebhookEndpoint | undefined> {
  const row = await own(tx).where('service', '=', service).where('id', '=', id).executeTakeFirst()
  return row && toEndpoint(row)
}

/** Whichever service it is of. */
export async function findAnyEndpoint(tx: TenantTx, id: string): Promise<WebhookEndpoint | undefined> {
  const row = await own(tx).where('id', '=', id).executeTakeFirst()
  return row && toEndpoint(row)
}

/** Locked, with its sealed secret. */
export async function lockEndpoint(
  tx: TenantTx,
  service: string,
  id: string,
): Promise<(WebhookEndpoint & { readonly sealedSecret: string }) | undefined> {
  const row = await own(tx).where('service', '=', service).where('id', '=', id).forUpdate().executeTakeFirst()
  return row && { ...toEndpoint(row), sealedSecret: row.sealed_secret }
}

export type EndpointChange = {
  readonly url?: string | undefined
  readonly description?: string | undefined
  readonly events?: readonly string[] | undefined
  readonly asymmetric?: boolean | undefined
}

export async function setEndpoint(
  tx: TenantTx,
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
  tx: TenantTx,
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

export async function setEnabled(tx: TenantTx, id: string, nowMs: number): Promise<void> {
  await set(tx, tx.orgId, id, {
    state: 'enabled',
    disabled_because: null,
    failing_since: null,
    told_percent: 0,
    not_before: null,
    updated_at: new Date(nowMs),
  })
}

export async function setDisabled(
  tx: AnyTx,
  orgId: string,
  id: string,
  because: 'failing' | 'gone',
  nowMs: number,
): Promise<void> {
  await set(tx, orgId, id, { state: 'disabled', disabled_because: because, updated_at: new Date(nowMs) })
}

export async function setTold(tx: AnyTx, orgId: string, id: string, percent: number): Promise<void> {
  await set(tx, orgId, id, { told_percent: percent })
}

export async function deleteEndpoint(tx: TenantTx, id: string): Promise<void> {
  await query<Tables>(tx)
    .deleteFrom('gatehouse.webhook_endpoint')
    .where('org_id', '=', tx.orgId)
    .where('id', '=', id)
    .execute()
}

async function set(
  tx: AnyTx,
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

function toEndpoint(row: Selectable<EndpointRow>): WebhookEndpoint {
  return {
    id: row.id,
    service: row.service,
    url: row.url,
    description: row.description,
    events: row.events,
    asymmetric: row.is_asymmetric,
    state: row.state,
    disabledBecause: row.disabled_because,
    failingSinceMs: row.failing_since?.getTime() ?? null,
    previousSecretUntilMs: row.previous_until?.getTime() ?? null,
    createdAtMs: row.created_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
  }
}
