import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query, type TenantTx, type WriterTx } from '@gatehouse/kernel/db'
import { fanOut, fanOutJoined, type TargetsOfEvents } from '@gatehouse/kernel/delivery'
import { type RawBuilder, sql } from 'kysely'

/** The kernel's delivery queue for subscriptions. */
export const subscriptionQueue = 'volatility-webhooks'

export type SubscriptionState = 'active' | 'disabled' | 'paused_by_plan'

/** A subscription's filter; no symbols means all. */
export type SubscriptionFilter = {
  readonly events: readonly string[]
  readonly symbols: readonly string[]
  readonly timeframes: readonly string[]
  readonly toRegimes: readonly string[]
  readonly preset: string
  readonly method: string
}

export type Subscription = SubscriptionFilter & {
  readonly number: number
  readonly id: string
  readonly kind: string
  readonly shown: string
  readonly sealedTarget: string
  readonly sealedSecret: string | null
  readonly description: string
  readonly state: SubscriptionState
  readonly disabledAtMs: number | null
  readonly createdAtMs: number
  /**
   * Id of the first key in the rotation chain of the creating key, whose allowlist limits the subscription; null:
   * created by a member.
   */
  readonly keyId: string | null
}

export type NewSubscription = Omit<Subscription, 'state' | 'disabledAtMs'>

type Row = {
  readonly number: number
  readonly id: string
  readonly kind: string
  readonly shown: string
  readonly sealed_target: string
  readonly sealed_secret: string | null
  readonly events: string[]
  readonly symbols: string[]
  readonly timeframes: string[]
  readonly to_regimes: string[]
  readonly preset: string
  readonly method: string
  readonly description: string
  readonly state: SubscriptionState
  readonly disabled_at: Date | null
  readonly created_at: Date
  readonly key_id: string | null
}

const columns = sql`number, id, kind, shown, sealed_target, sealed_secret, events, symbols, timeframes, to_regimes, preset,
  method, description, state, disabled_at, created_at, key_id`

/** A number or an id, as given in a path. */
export type SubscriptionRef = { readonly number: number } | { readonly id: string }

function named(ref: SubscriptionRef): RawBuilder<unknown> {
  return 'number' in ref ? sql`number = ${ref.number}` : sql`id = ${ref.id}`
}

/** Reserves the organisation's next subscription number. Concurrent creations wait until this transaction ends. */
export async function takeSubscriptionNumber(tx: AuditedTx): Promise<number> {
  const { rows } = await sql<{ newest: number }>`
    INSERT INTO volatility.subscription_number AS n (org_id, newest) VALUES (${tx.orgId}, 1)
    ON CONFLICT (org_id) DO UPDATE SET newest = n.newest + 1 RETURNING newest`.execute(query(tx))
  const [row] = rows
  if (row === undefined) throw new Error('No number was given')
  return row.newest
}

export async function insertSubscription(tx: AuditedTx, made: NewSubscription): Promise<void> {
  await sql`
    INSERT INTO volatility.subscription
      (org_id, number, id, kind, shown, sealed_target, sealed_secret, key_id, events, symbols, timeframes, to_regimes,
       preset, method, description, state, created_at)
    VALUES (${tx.orgId}, ${made.number}, ${made.id}, ${made.kind}, ${made.shown}, ${made.sealedTarget},
            ${made.sealedSecret}, ${made.keyId}, ${[...made.events]}::text[], ${[...made.symbols]}::text[],
            ${[...made.timeframes]}::text[], ${[...made.toRegimes]}::text[], ${made.preset}, ${made.method},
            ${made.description}, 'active', ${new Date(made.createdAtMs)})`.execute(query(tx))
}

/** Newest first. */
export async function listSubscriptions(tx: TenantTx): Promise<readonly Subscription[]> {
  const { rows } = await sql<Row>`
    SELECT ${columns} FROM volatility.subscription WHERE org_id = ${tx.orgId} ORDER BY number DESC`.execute(
    query(tx),
  )
  return rows.map(toSubscription)
}

export async function findSubscription(
  tx: TenantTx,
  ref: SubscriptionRef,
): Promise<Subscription | undefined> {
  const { rows } = await sql<Row>`
    SELECT ${columns} FROM volatility.subscription WHERE org_id = ${tx.orgId} AND ${named(ref)}`.execute(
    query(tx),
  )
  return rows.map(toSubscription)[0]
}

export async function lockSubscription(
  tx: AuditedTx,
  ref: SubscriptionRef,
): Promise<Subscription | undefined> {
  const { rows } = await sql<Row>`
    SELECT ${columns} FROM volatility.subscription WHERE org_id = ${tx.orgId} AND ${named(ref)} FOR UPDATE`.execute(
    query(tx),
  )
  return rows.map(toSubscription)[0]
}

/** Stores the changeable members of a subscription. */
export async function setSubscription(tx: AuditedTx, changed: Subscription): Promise<void> {
  await sql`
    UPDATE volatility.subscription
       SET shown = ${changed.shown}, sealed_target = ${changed.sealedTarget}, events = ${[...changed.events]}::text[],
           symbols = ${[...changed.symbols]}::text[], timeframes = ${[...changed.timeframes]}::text[],
           to_regimes = ${[...changed.toRegimes]}::text[], preset = ${changed.preset}, method = ${changed.method},
           description = ${changed.description}, state = ${changed.state},
           disabled_at = ${changed.disabledAtMs === null ? null : new Date(changed.disabledAtMs)}
     WHERE org_id = ${tx.orgId} AND id = ${changed.id}`.execute(query(tx))
}

export async function deleteSubscription(tx: AuditedTx, id: string): Promise<void> {
  await sql`DELETE FROM volatility.subscription WHERE org_id = ${tx.orgId} AND id = ${id}`.execute(query(tx))
}

/** Delivery health of a subscription, by id. */
export type SubscriptionHealth = {
  readonly lastSuccessMs: number | null
  readonly lastFailureMs: number | null
  /** Failed attempts since the last success. */
  readonly failureCount: number
}

export async function listSubscriptionHealth(
  tx: TenantTx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SubscriptionHealth>> {
  const { rows } = await sql<{ id: string; success: Date | null; failure: Date | null; failed: number }>`
    SELECT a.destination_id AS id, max(a.at) FILTER (WHERE taken) AS success,
           max(a.at) FILTER (WHERE NOT taken) AS failure,
           count(*) FILTER (WHERE NOT taken AND a.at > coalesce(last_success, '-infinity'))::integer AS failed
      FROM (SELECT destination_id, at, error IS NULL AND coalesce(status, 0) BETWEEN 200 AND 299 AS taken,
                   max(at) FILTER (WHERE error IS NULL AND status BETWEEN 200 AND 299)
                     OVER (PARTITION BY destination_id) AS last_success
              FROM gatehouse.delivery_attempt
             WHERE org_id = ${tx.orgId} AND queue = ${subscriptionQueue}
               AND destination_id = ANY (${[...ids]}::text[])) a
     GROUP BY a.destination_id`.execute(query(tx))
  return new Map(
    rows.map(({ id, success, failure, failed }) => [
      id,
      {
        lastSuccessMs: success?.getTime() ?? null,
        lastFailureMs: failure?.getTime() ?? null,
        failureCount: failed,
      },
    ]),
  )
}

/** Number of deliveries in a span that wait for the subscription to be enabled, or were given up. */
export async function countWaiting(
  tx: TenantTx,
  destinationId: string,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::integer AS count FROM gatehouse.delivery
     WHERE org_id = ${tx.orgId} AND queue = ${subscriptionQueue} AND destination_id = ${destinationId}
       AND state IN ('held', 'failed') AND created_at >= ${new Date(fromMs)} AND created_at < ${new Date(toMs)}`.execute(
    query(tx),
  )
  return rows[0]?.count ?? 0
}

/** Marks repeated deliveries as replayed. */
export async function markReplayed(
  tx: AuditedTx,
  destinationId: string,
  which: { readonly id: string } | { readonly fromMs: number; readonly toMs: number },
): Promise<void> {
  const chosen =
    'id' in which
      ? sql`id = ${which.id}`
      : sql`created_at >= ${new Date(which.fromMs)} AND created_at < ${new Date(which.toMs)}`
  await sql`
    UPDATE gatehouse.delivery SET body = (body::jsonb || '{"replayed": true}')::text
     WHERE org_id = ${tx.orgId} AND queue = ${subscriptionQueue} AND destination_id = ${destinationId}
       AND state <> 'pending' AND ${chosen}`.execute(query(tx))
}

type Fitted = { readonly paused: readonly number[]; readonly resumed: readonly number[] }

/** Subscriptions whose paused state does not match the plan's limit, oldest first. */
function misfits(orgId: string, subscriptionsMax: number): RawBuilder<unknown> {
  return sql`
    SELECT id, fits FROM (
      SELECT id, state, row_number() OVER (ORDER BY number) <= ${subscriptionsMax} AS fits
        FROM volatility.subscription WHERE org_id = ${orgId}) r
     WHERE fits AND state = 'paused_by_plan' OR NOT fits AND state = 'active'`
}

export async function hasMisfits(tx: TenantTx, subscriptionsMax: number): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    SELECT EXISTS (${misfits(tx.orgId, subscriptionsMax)}) AS found`.execute(query(tx))
  return rows[0]?.found === true
}

/** Pauses the newest subscriptions above the plan's limit, and resumes paused ones within it. Returns their numbers. */
export async function fitToPlan(tx: AuditedTx, subscriptionsMax: number): Promise<Fitted> {
  // Creating a subscription counts under the same lock.
  await sql`SELECT FROM volatility.subscription_number WHERE org_id = ${tx.orgId} FOR UPDATE`.execute(
    query(tx),
  )
  const { rows } = await sql<{ number: number; fits: boolean }>`
    UPDATE volatility.subscription s SET state = CASE WHEN m.fits THEN 'active' ELSE 'paused_by_plan' END
      FROM (${misfits(tx.orgId, subscriptionsMax)}) m
     WHERE s.org_id = ${tx.orgId} AND s.id = m.id
    RETURNING s.number, m.fits`.execute(query(tx))
  const numbersOf = (fits: boolean): readonly number[] =>
    rows.flatMap((row) => (row.fits === fits ? [row.number] : [])).toSorted((a, b) => a - b)
  return { paused: numbersOf(false), resumed: numbersOf(true) }
}

/** Number of the organisation's older subscriptions. */
export async function countOlder(tx: TenantTx, number: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::integer AS count FROM volatility.subscription
     WHERE org_id = ${tx.orgId} AND number < ${number}`.execute(query(tx))
  return rows[0]?.count ?? 0
}

export async function listSubscribingOrgs(tx: WriterTx): Promise<readonly string[]> {
  const { rows } = await sql<{ org_id: string }>`
    SELECT DISTINCT org_id FROM volatility.subscription ORDER BY org_id`.execute(query(tx))
  return rows.map(({ org_id: orgId }) => orgId)
}

/** A subscription with the data for sending. */
export type SendingSubscription = {
  readonly orgId: string
  readonly id: string
  readonly kind: string
  readonly sealedTarget: string
  readonly sealedSecret: string | null
  readonly state: SubscriptionState
  readonly isOrgSuspended: boolean
}

/** By `ORG/ID`. */
export async function listSendingSubscriptions(
  tx: WriterTx,
  wanted: readonly { readonly orgId: string; readonly destinationId: string }[],
): Promise<ReadonlyMap<string, SendingSubscription>> {
  type Sending = Pick<Row, 'id' | 'kind' | 'sealed_target' | 'sealed_secret' | 'state'> & {
    readonly org_id: string
    readonly is_suspended: boolean
  }
  const { rows } = await sql<Sending>`
    SELECT s.org_id, s.id, s.kind, s.sealed_target, s.sealed_secret, s.state, o.suspended_at IS NOT NULL AS is_suspended
      FROM volatility.subscription s JOIN gatehouse.org o ON o.org_id = s.org_id
     WHERE (s.org_id, s.id) IN (SELECT * FROM unnest(${wanted.map(({ orgId }) => orgId)}::uuid[],
                                                     ${wanted.map(({ destinationId }) => destinationId)}::text[]))`.execute(
    query(tx),
  )
  return new Map(
    rows.map((row) => [
      `${row.org_id}/${row.id}`,
      {
        orgId: row.org_id,
        id: row.id,
        kind: row.kind,
        sealedTarget: row.sealed_target,
        sealedSecret: row.sealed_secret,
        state: row.state,
        isOrgSuspended: row.is_suspended,
      },
    ]),
  )
}

/** Disables a subscription whose receiver refuses messages or failed for too long, until somebody enables it again. */
export async function setSubscriptionDisabled(
  tx: WriterTx,
  { orgId, id }: { readonly orgId: string; readonly id: string },
  nowMs: number,
): Promise<void> {
  await sql`
    UPDATE volatility.subscription SET state = 'disabled', disabled_at = ${new Date(nowMs)}
     WHERE org_id = ${orgId} AND id = ${id} AND state = 'active'`.execute(query(tx))
}

/** The members of an event that filters and messages use. */
export type EventToTell = {
  readonly id: string
  readonly orgId: string | null
  readonly type: string
  readonly body: Readonly<Record<string, unknown>>
}

/** For chats: the least time between messages, and the greatest number of events in one. */
export const chatPace = { spacingMs: 3_000, entriesMax: 10 } as const

/** Adds events to the outbox of every subscription with a matching filter, in the events' transaction (W3). */
export async function queueForSubscribers(
  tx: WriterTx,
  events: readonly EventToTell[],
  atMs: number,
): Promise<void> {
  if (events.length === 0) return
  const told = { queue: subscriptionQueue, atMs }
  await fanOut(
    tx,
    {
      ...told,
      events: events.map(({ id, type, body }) => ({ id, event: type, body: JSON.stringify(body) })),
    },
    matching(events, sql`s.kind = 'https'`),
  )
  // One after the other, because each event is joined to the message that the one before it may have begun.
  const isChat = sql`s.kind <> 'https'`
  const { rows } = await sql<{ n: string }>`
    SELECT DISTINCT n FROM (${matching(events, isChat)}) target ORDER BY n`.execute(query(tx))
  for (const { n } of rows) {
    const event = events[Number(n) - 1]
    if (event === undefined) continue
    const { id, type, body } = event
    await fanOutJoined(
      tx,
      { ...told, ...chatPace, id, event: type, entry: body },
      sql`SELECT org_id, id, state FROM (${matching([event], isChat)}) target`,
    )
  }
}

/** The subscriptions that each event goes to; by preset, where it is of one, because there is an index on that. */
function matching(events: readonly EventToTell[], isKind: RawBuilder<unknown>): TargetsOfEvents {
  const column = (name: string) =>
    sql`${events.map(({ body }) => (typeof body[name] === 'string' ? body[name] : null))}::text[]`
  return sql`
    SELECT e.n, s.org_id, s.id, CASE s.state WHEN 'active' THEN 'pending' ELSE 'held' END AS state
      FROM unnest(${events.map(({ orgId }) => orgId)}::uuid[], ${events.map(({ type }) => type)}::text[],
                  ${column('symbol')}, ${column('timeframe')}, ${column('to')}, ${column('preset')},
                  ${column('method')})
             WITH ORDINALITY AS e (org_id, type, symbol, timeframe, to_regime, preset, method, n)
     CROSS JOIN LATERAL (
             SELECT * FROM volatility.subscription
              WHERE e.timeframe IS NOT NULL AND state <> 'paused_by_plan' AND preset = e.preset
                AND e.timeframe = ANY (timeframes) AND e.to_regime = ANY (to_regimes)
                AND (e.org_id IS NOT NULL OR method = e.method)
             UNION ALL
             SELECT * FROM volatility.subscription WHERE e.timeframe IS NULL AND state <> 'paused_by_plan') s
      LEFT JOIN volatility.key_allowlist a ON a.org_id = s.org_id AND a.key_id = s.key_id
     WHERE ${isKind}
       AND (e.org_id IS NULL OR s.org_id = e.org_id)
       AND e.type = ANY (s.events)
       AND (s.symbols = '{}' OR e.symbol = ANY (s.symbols))
       AND coalesce(a.symbols = '{}' OR e.symbol = ANY (a.symbols), true)
       AND coalesce(a.ceiling = '{}' OR e.symbol = ANY (a.ceiling), true)`
}

function toSubscription(row: Row): Subscription {
  return {
    number: row.number,
    id: row.id,
    kind: row.kind,
    shown: row.shown,
    sealedTarget: row.sealed_target,
    sealedSecret: row.sealed_secret,
    events: row.events,
    symbols: row.symbols,
    timeframes: row.timeframes,
    toRegimes: row.to_regimes,
    preset: row.preset,
    method: row.method,
    description: row.description,
    state: row.state,
    disabledAtMs: row.disabled_at?.getTime() ?? null,
    createdAtMs: row.created_at.getTime(),
    keyId: row.key_id,
  }
}
