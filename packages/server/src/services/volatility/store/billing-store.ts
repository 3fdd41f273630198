import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TelemetryTx, type TenantTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { PaidPlan, Subscription, SubscriptionEvent, SubscriptionStatus } from '../domain/subscription.ts'

export type Disposition = 'applied' | 'superseded' | 'unknown_price' | 'quarantined'
/** The disposition of an event without effect on a subscription: it is only stored. */
export type UnreadDisposition = 'unreadable' | 'not_followed'

type BillingTables = {
  'gatehouse.org': { org_id: string; erasing_at: Date | null }
  'volatility.paid_subscription': {
    subscription_id: string
    org_id: string
    bound_at: Date
    event_id: string | null
    occurred_at: string | null
    status: SubscriptionStatus | null
    plan: PaidPlan | null
    period_ends_ms: string | null
    past_due_since_ms: string | null
  }
  'volatility.paddle_event': {
    org_id: string
    event_id: string
    subscription_id: string | null
    event_type: string | null
    occurred_at: string | null
    status: SubscriptionStatus | null
    price_ids: string[]
    period_ends_ms: string | null
    disposition: Disposition | UnreadDisposition
    sealed_body: string
    received_at: Date
  }
}

/** Serializes the events of one subscription until the transaction ends. */
export async function lockSubscription(tx: TelemetryTx, subscriptionId: string): Promise<void> {
  await lock(tx, subscriptionId)
}

/** The same for events that name no subscription. */
export async function lockEvent(tx: TelemetryTx, eventId: string): Promise<void> {
  await lock(tx, `event:${eventId}`)
}

async function lock(tx: TelemetryTx, name: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`volatility.paddle:${name}`}, 0))`.execute(
    query(tx),
  )
}

/** Whether an organisation exists and is not about to be erased. */
export async function isOrgAlive(tx: GateTx, orgId: string): Promise<boolean> {
  const row = await query<BillingTables>(tx)
    .selectFrom('gatehouse.org')
    .select('org_id')
    .where('org_id', '=', orgId)
    .where('erasing_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

/** The org that a subscription belongs to. */
export async function findSubscriptionOwner(tx: GateTx, subscriptionId: string): Promise<string | undefined> {
  const row = await query<BillingTables>(tx)
    .selectFrom('volatility.paid_subscription')
    .select('org_id')
    .where('subscription_id', '=', subscriptionId)
    .executeTakeFirst()
  return row?.org_id
}

export async function isEventKnown(tx: TenantTx, eventId: string): Promise<boolean> {
  const row = await query<BillingTables>(tx)
    .selectFrom('volatility.paddle_event')
    .select('event_id')
    .where('org_id', '=', tx.orgId)
    .where('event_id', '=', eventId)
    .executeTakeFirst()
  return row !== undefined
}

export type StoredEvent = SubscriptionEvent & {
  readonly subscriptionId: string
  readonly type: string
  readonly sealedBody: string
}

export async function listSubscriptionEvents(
  tx: TenantTx,
  subscriptionId: string,
): Promise<readonly StoredEvent[]> {
  const rows = await query<BillingTables>(tx)
    .selectFrom('volatility.paddle_event')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .where('subscription_id', '=', subscriptionId)
    .execute()
  return rows.flatMap((row) => {
    const { event_type: type, occurred_at: occurredAt, status } = row
    // Rows without these members name no subscription.
    if (type === null || occurredAt === null || status === null) return []
    return [
      {
        eventId: row.event_id,
        subscriptionId,
        type,
        occurredAt,
        status,
        priceIds: row.price_ids,
        periodEndsMs: row.period_ends_ms === null ? null : Number(row.period_ends_ms),
        sealedBody: row.sealed_body,
      },
    ]
  })
}

export async function insertEvent(
  tx: AuditedTx,
  event: StoredEvent,
  disposition: Disposition,
  nowMs: number,
): Promise<void> {
  await query<BillingTables>(tx)
    .insertInto('volatility.paddle_event')
    .values({
      org_id: tx.orgId,
      event_id: event.eventId,
      subscription_id: event.subscriptionId,
      event_type: event.type,
      occurred_at: event.occurredAt,
      status: event.status,
      price_ids: [...event.priceIds],
      period_ends_ms: event.periodEndsMs === null ? null : String(event.periodEndsMs),
      disposition,
      sealed_body: event.sealedBody,
      received_at: new Date(nowMs),
    })
    .execute()
}

export async function insertUnreadEvent(
  tx: AuditedTx,
  event: {
    readonly eventId: string
    readonly type: string | undefined
    readonly occurredAt: string | undefined
    readonly sealedBody: string
  },
  disposition: UnreadDisposition,
  nowMs: number,
): Promise<void> {
  await query<BillingTables>(tx)
    .insertInto('volatility.paddle_event')
    .values({
      org_id: tx.orgId,
      event_id: event.eventId,
      subscription_id: null,
      event_type: event.type ?? null,
      occurred_at: event.occurredAt ?? null,
      status: null,
      price_ids: [],
      period_ends_ms: null,
      disposition,
      sealed_body: event.sealedBody,
      received_at: new Date(nowMs),
    })
    .execute()
}

export async function isSubscriptionOwn(tx: TenantTx, subscriptionId: string): Promise<boolean> {
  const row = await query<BillingTables>(tx)
    .selectFrom('volatility.paid_subscription')
    .select('subscription_id')
    .where('org_id', '=', tx.orgId)
    .where('subscription_id', '=', subscriptionId)
    .executeTakeFirst()
  return row !== undefined
}

/**
 * Ties a subscription without an owner to the organisation. False if it has an owner already, which does not change.
 */
export async function bindSubscription(
  tx: AuditedTx,
  subscriptionId: string,
  nowMs: number,
): Promise<boolean> {
  const made = await query<BillingTables>(tx)
    .insertInto('volatility.paid_subscription')
    .values({
      subscription_id: subscriptionId,
      org_id: tx.orgId,
      bound_at: new Date(nowMs),
      event_id: null,
      occurred_at: null,
      status: null,
      plan: null,
      period_ends_ms: null,
      past_due_since_ms: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('subscription_id')
    .executeTakeFirst()
  return made !== undefined
}

export async function setSubscription(
  tx: AuditedTx,
  subscriptionId: string,
  state: Subscription,
): Promise<void> {
  await query<BillingTables>(tx)
    .updateTable('volatility.paid_subscription')
    .set({
      event_id: state.eventId,
      occurred_at: state.occurredAt,
      status: state.status,
      plan: state.plan,
      period_ends_ms: state.periodEndsMs === null ? null : String(state.periodEndsMs),
      past_due_since_ms: state.pastDueSinceMs === null ? null : String(state.pastDueSinceMs),
    })
    .where('org_id', '=', tx.orgId)
    .where('subscription_id', '=', subscriptionId)
    .execute()
}

/** Notifies every node when the transaction commits, so that open streams are checked against the new plan. */
export async function announcePlan(tx: AuditedTx): Promise<void> {
  await sql`SELECT gatehouse.invalidate(${`org:${tx.orgId}`})`.execute(query(tx))
}

/** The organisation's subscriptions, without those whose events had no effect yet; `id` never leaves the server. */
export async function listSubscriptions(
  tx: TenantTx,
): Promise<readonly (Subscription & { readonly id: string })[]> {
  const rows = await query<BillingTables>(tx)
    .selectFrom('volatility.paid_subscription')
    .selectAll()
    .where('org_id', '=', tx.orgId)
    .orderBy('subscription_id')
    .execute()
  return rows.flatMap((row) => {
    const { event_id: eventId, occurred_at: occurredAt, status, plan } = row
    if (eventId === null || occurredAt === null || status === null || plan === null) return []
    return [
      {
        id: row.subscription_id,
        eventId,
        occurredAt,
        status,
        plan,
        periodEndsMs: row.period_ends_ms === null ? null : Number(row.period_ends_ms),
        pastDueSinceMs: row.past_due_since_ms === null ? null : Number(row.past_due_since_ms),
      },
    ]
  })
}
