import { type AuditedTx, mutate } from '@gatehouse/kernel/audit'
import { type TenantTx, within } from '@gatehouse/kernel/db'
import { deleteDeliveries, forgetHealth, type OpenDestination, setReplayed } from '@gatehouse/kernel/delivery'
import { toFieldFaults } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import { type SealContext, Secret } from '@gatehouse/kernel/secrets'
import { judgeWebhookUrlNow } from '@gatehouse/kernel/webhooks'
import { z } from 'zod'
import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import type { subscriptionSchema } from '../contract/subscription-shapes.ts'
import type { ChangeBody, CreateBody } from '../contract/webhooks.ts'
import type { VolatilityDeps } from '../deps.ts'
import { type DestinationName, destinations, kindOfUrl } from '../destinations/destinations.ts'
import type { ReceiverKind, ReceiverTools, RegimeMessage } from '../destinations/receiver.ts'
import { volatilityPolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import { findAllowlist } from '../store/own-store.ts'
import { lockOwnPresets } from '../store/preset-store.ts'
import {
  countOlder,
  countWaiting,
  deleteSubscription,
  findSubscription,
  insertSubscription,
  listSubscriptionHealth,
  listSubscriptions,
  lockSubscription,
  markReplayed,
  setSubscription,
  type Subscription,
  type SubscriptionFilter,
  type SubscriptionHealth,
  subscriptionQueue,
  type SubscriptionRef,
  takeSubscriptionNumber,
} from '../store/subscription-store.ts'
import { assertSymbols, findAllowed } from './allowed-symbols.ts'
import { findAskedOwn, isBuiltIn } from './choose-preset.ts'
import { assertFollowed } from './choose-series.ts'
import { planOfOrg } from './plan-of-org.ts'

export type WebhookDeps = Pick<
  VolatilityDeps,
  'audit' | 'billing' | 'board' | 'clock' | 'db' | 'egress' | 'randomBytes' | 'sealer'
>

type Wire = z.input<typeof subscriptionSchema>

const dayMs = 86_400_000
export const replayMsMax = 7 * dayMs
const kinds: Readonly<Record<DestinationName, ReceiverKind>> = destinations

/** Parses a number or a ULID; anything else matches nothing. */
function toRef(id: string): SubscriptionRef {
  return /^\d{1,9}$/.test(id) ? { number: Number(id) } : { id }
}

export async function createWebhook(
  deps: WebhookDeps,
  principal: Principal,
  body: CreateBody,
): Promise<Wire & { readonly signing_secret: string | null }> {
  const { kind, destination } = await acceptTarget(deps, principal, body)
  const nowMs = deps.clock.now()
  const id = newId(nowMs)
  const secret = kind === 'https' ? new Secret(`whsec_${deps.randomBytes(32).toString('base64')}`) : undefined
  return mutate(deps, principal, async (tx) => {
    const number = await takeSubscriptionNumber(tx)
    const { name, limits } = await planOfOrg(deps, tx)
    const own = await listSubscriptions(tx)
    if (own.length >= limits.subscriptionsMax)
      throw problems.plan_limit_reached({
        detail: `The plan ${name} allows ${limits.subscriptionsMax} webhook subscriptions; there are ${own.length}`,
      })
    const filter = await judgeFilter(deps, tx, principal, body, {
      events: ['regime.transition'],
      symbols: [],
      timeframes: [volatilityPolicy.defaultTimeframe],
      toRegimes: ['low', 'normal', 'high'],
      preset: volatilityPolicy.defaultPreset,
      method: 'published',
    })
    const made = {
      ...filter,
      number,
      id,
      kind,
      shown: destination.summarize(),
      sealedTarget: deps.sealer.seal(targetPlace(tx.orgId, id), JSON.stringify(destination.config)),
      sealedSecret:
        secret === undefined ? null : deps.sealer.seal(secretPlace(tx.orgId, id), secret.reveal()),
      description: body.description ?? '',
      createdAtMs: nowMs,
      keyId: principal.kind === 'key' ? (await findAllowlist(tx, principal.keyId)).keyId : null,
    }
    await insertSubscription(tx, made)
    const subscription: Subscription = { ...made, state: 'active', disabledAtMs: null }
    return {
      result: { ...toWire(subscription, undefined), signing_secret: secret?.reveal() ?? null },
      entry: toEntry('webhook.create', subscription, nowMs),
    }
  })
}

export async function listWebhooks(
  deps: Pick<WebhookDeps, 'db'>,
  principal: Principal,
): Promise<{ readonly subscriptions: Wire[] }> {
  return within(deps, principal, async (tx) => {
    const isInReach = await reachOf(tx, principal)
    const own = (await listSubscriptions(tx)).filter(isInReach)
    const health = await listSubscriptionHealth(
      tx,
      own.map(({ id }) => id),
    )
    return { subscriptions: own.map((one) => toWire(one, health.get(one.id))) }
  })
}

export async function getWebhook(
  deps: Pick<WebhookDeps, 'db'>,
  principal: Principal,
  id: string,
): Promise<Wire> {
  return within(deps, principal, async (tx) => {
    return describe(tx, await findOrRefuse(tx, principal, id))
  })
}

export async function updateWebhook(
  deps: WebhookDeps,
  principal: Principal,
  id: string,
  body: ChangeBody,
): Promise<Wire> {
  const nowMs = deps.clock.now()
  const { url } = body
  const kept = url === undefined ? undefined : await getWebhook(deps, principal, id)
  const target =
    url === undefined || kept === undefined
      ? undefined
      : await acceptTarget(deps, principal, { url, kind: kept.kind })
  return mutate(deps, principal, async (tx) => {
    const found = await lockOrRefuse(tx, principal, id)
    const changed: Subscription = {
      ...found,
      ...(await judgeFilter(deps, tx, principal, body, found)),
      description: body.description ?? found.description,
      ...(target === undefined
        ? {}
        : {
            shown: target.destination.summarize(),
            sealedTarget: deps.sealer.seal(
              targetPlace(tx.orgId, found.id),
              JSON.stringify(target.destination.config),
            ),
          }),
    }
    const isInReach = await reachOf(tx, principal)
    if (!isInReach(changed)) throw problems.symbol_not_allowed({ detail: 'This key may not see all symbols' })
    await setSubscription(tx, changed)
    return { result: await describe(tx, changed), entry: toEntry('webhook.update', changed, nowMs) }
  })
}

export async function deleteWebhook(deps: WebhookDeps, principal: Principal, id: string): Promise<void> {
  await mutate(deps, principal, async (tx) => {
    const found = await lockOrRefuse(tx, principal, id)
    await deleteSubscription(tx, found.id)
    await deleteDeliveries(tx, subscriptionQueue, found.id)
    return { result: undefined, entry: toEntry('webhook.delete', found, deps.clock.now()) }
  })
}

/** Enables a subscription again. Missed events are reported, and sent only on request. */
export async function enableWebhook(deps: WebhookDeps, principal: Principal, id: string) {
  const nowMs = deps.clock.now()
  return mutate(deps, principal, async (tx) => {
    const found = await lockOrRefuse(tx, principal, id)
    const { name, limits } = await planOfOrg(deps, tx)
    if ((await countOlder(tx, found.number)) >= limits.subscriptionsMax)
      throw problems.plan_limit_reached({
        detail: `The plan ${name} allows ${limits.subscriptionsMax} webhook subscriptions, and older ones come first`,
      })
    const opened: Subscription = { ...found, state: 'active', disabledAtMs: null }
    await setSubscription(tx, opened)
    await forgetHealth(tx, subscriptionQueue, found.id)
    const span = { fromMs: nowMs - replayMsMax, toMs: nowMs + 1 }
    const count = await countWaiting(tx, found.id, span)
    const missed = count === 0 ? null : { from_ms: span.fromMs, to_ms: span.toMs, count }
    return {
      result: { ...(await describe(tx, opened)), missed },
      entry: toEntry('webhook.enable', opened, nowMs),
    }
  })
}

/** Sends earlier deliveries again under their original ids. */
export async function replayWebhook(
  deps: WebhookDeps,
  principal: Principal,
  id: string,
  which: { readonly id: string } | { readonly fromMs: number; readonly toMs: number },
): Promise<{ readonly replayed: number }> {
  if ('toMs' in which && which.toMs <= which.fromMs) throw refuse('to_ms', 'must be later than from_ms')
  if ('toMs' in which && which.toMs - which.fromMs > replayMsMax)
    throw refuse('to_ms', 'must be at most 7 days after from_ms')
  const nowMs = deps.clock.now()
  return mutate(deps, principal, async (tx) => {
    const found = await lockOrRefuse(tx, principal, id)
    if (found.state !== 'active') throw problems.webhook_closed()
    await markReplayed(tx, found.id, which)
    const span = 'id' in which ? which : { ...which, states: ['delivered', 'failed', 'held'] as const }
    const replayed = await setReplayed(tx, subscriptionQueue, found.id, span, nowMs)
    if ('id' in which && replayed === 0) throw problems.webhook_not_found()
    return { result: { replayed }, entry: toEntry('webhook.replay', found, nowMs) }
  })
}

export async function lockOrRefuse(tx: AuditedTx, principal: Principal, id: string): Promise<Subscription> {
  return inReach(tx, principal, await lockSubscription(tx, toRef(id)))
}

export async function findOrRefuse(tx: TenantTx, principal: Principal, id: string): Promise<Subscription> {
  return inReach(tx, principal, await findSubscription(tx, toRef(id)))
}

async function inReach(
  tx: TenantTx,
  principal: Principal,
  found: Subscription | undefined,
): Promise<Subscription> {
  const isInReach = await reachOf(tx, principal)
  if (found === undefined || !isInReach(found)) throw problems.webhook_not_found()
  return found
}

/**
 * Which subscriptions a caller may read and change. For a key restricted to some symbols, these are its own, which
 * its allowlist limits, and those with no other symbols: through any other it could redirect all events to itself.
 */
async function reachOf(
  tx: TenantTx,
  principal: Principal,
): Promise<(subscription: Pick<Subscription, 'keyId' | 'symbols'>) => boolean> {
  const allowed = await findAllowed(tx, principal)
  if (allowed === null || principal.kind !== 'key') return () => true
  const { keyId } = await findAllowlist(tx, principal.keyId)
  return (one) =>
    one.keyId === keyId || (one.symbols.length > 0 && one.symbols.every((symbol) => allowed.has(symbol)))
}

async function describe(tx: TenantTx, subscription: Subscription): Promise<Wire> {
  return toWire(subscription, (await listSubscriptionHealth(tx, [subscription.id])).get(subscription.id))
}

type Accepted = {
  readonly kind: DestinationName
  readonly destination: OpenDestination<RegimeMessage, ReceiverTools>
}

/** The destination that a body names, if it may be used (E1 to E4). */
async function acceptTarget(
  { egress }: Pick<WebhookDeps, 'egress'>,
  { orgId }: Principal,
  { url, telegram, kind: asked }: Pick<CreateBody, 'url'> & Partial<Pick<CreateBody, 'telegram' | 'kind'>>,
): Promise<Accepted> {
  if ((url === undefined) === (telegram === undefined))
    throw refuse('url', 'is required, or telegram in its place, and not both')
  const kind = telegram === undefined ? (asked ?? kindOfUrl(url ?? '')) : 'telegram'
  if (asked !== undefined && asked !== kind) throw refuse('kind', 'must be telegram where telegram is given')
  let destination: Accepted['destination']
  try {
    destination = kinds[kind].accept(telegram ?? { url })
  } catch (error) {
    if (error instanceof z.ZodError) throw problems.VALIDATION_ERROR({ fields: toFieldFaults(error, 'url') })
    throw error
  }
  for (const named of destination.urls) {
    const verdict = await judgeWebhookUrlNow(egress.forOrg(orgId), named.url)
    if (!verdict.accepted) throw refuse(named.field, verdict.sentence)
  }
  return { kind, destination }
}

async function judgeFilter(
  deps: Pick<WebhookDeps, 'board'>,
  tx: AuditedTx,
  principal: Principal,
  asked: ChangeBody,
  before: SubscriptionFilter,
): Promise<SubscriptionFilter> {
  const symbols = asked.symbols?.includes('*') === true ? [] : (asked.symbols ?? before.symbols)
  assertSymbols(deps, await findAllowed(tx, principal), symbols)
  const preset = asked.preset ?? before.preset
  let method = asked.method ?? before.method
  if (asked.preset !== undefined || asked.method !== undefined) {
    // A concurrent deletion of the preset waits, and then finds it in use.
    if (!isBuiltIn(preset)) await lockOwnPresets(tx)
    const chosen = await findAskedOwn(tx, principal, preset, method)
    assertFollowed(deps, chosen)
    method = chosen.method
  }
  return {
    events: [...new Set(asked.events ?? before.events)],
    symbols: [...new Set(symbols)],
    timeframes: [...new Set(asked.timeframes ?? before.timeframes)],
    toRegimes: [...new Set(asked.to_regimes ?? before.toRegimes)],
    preset,
    method,
  }
}

function toWire(one: Subscription, health: SubscriptionHealth | undefined): Wire {
  return {
    id: one.number,
    uid: one.id,
    // Safe: the stored value was one of the kinds when it was written.
    kind: one.kind as DestinationName,
    url: one.shown,
    events: [...one.events],
    symbols: [...one.symbols],
    timeframes: [...one.timeframes],
    to_regimes: [...one.toRegimes],
    preset: one.preset,
    method: one.method,
    description: one.description,
    state: one.state,
    created_at: toTime(one.createdAtMs),
    last_success_at: toTimeOrNull(health?.lastSuccessMs ?? null),
    last_failure_at: toTimeOrNull(health?.lastFailureMs ?? null),
    disabled_at: toTimeOrNull(one.disabledAtMs),
    failure_count: health?.failureCount ?? 0,
  }
}

export function targetPlace(orgId: string, row: string): SealContext {
  return { orgId, table: 'volatility.subscription', column: 'sealed_target', row }
}

export function secretPlace(orgId: string, row: string): SealContext {
  return { orgId, table: 'volatility.subscription', column: 'sealed_secret', row }
}

function refuse(field: string, message: string): Error {
  return problems.VALIDATION_ERROR({ fields: [{ field, message }] })
}

/** The URL may contain a receiver's token, so the log names only the kind. */
export function toEntry(action: string, { id, number, kind, events }: Subscription, at: number) {
  return { action, resourceId: id, detail: { service: 'volatility', number, kind, events: [...events] }, at }
}
