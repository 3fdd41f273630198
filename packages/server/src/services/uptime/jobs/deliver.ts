import type { AuditLog } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import { type Database, type TenantTx, within } from '@gatehouse/kernel/db'
import { enqueue } from '@gatehouse/kernel/jobs'
import type { SystemPrincipal } from '@gatehouse/kernel/principal'
import type { Sealer } from '@gatehouse/kernel/secrets'
import { type Attempt, type AttemptVerdict, judgeAttempt } from '../domain/delivery-schedule.ts'
import { uptimePolicy } from '../policy.ts'
import {
  type ClaimedDelivery,
  claimDelivery,
  countDead,
  findNextInLine,
  findNoticeIncident,
  findSendingChannel,
  forgetDead,
  saveOutcome,
  type SendingChannel,
} from '../store/notice-store.ts'
import { isOrgSuspended } from '../store/plan-store.ts'
import { deliverJob, tellOwnersJob } from './deliver-job.ts'
import type { StoredNotice } from './notice-body.ts'
import { openChannelConfig } from './open-channel-config.ts'
import { type SendDeps, sendNotice } from './send-notice.ts'

export type DeliverDeps = SendDeps & {
  readonly db: Database
  readonly audit: AuditLog
  readonly clock: Clock
  readonly sealer: Sealer
  readonly mail: { readonly isConfigured: boolean }
  /** A number in [0, 1) that spreads retries. */
  readonly chance: () => number
  /** The platform knows who owns an org. */
  readonly listOwners: (tx: TenantTx) => Promise<readonly Owner[]>
}

export type Owner = { readonly email: string; readonly language: 'en' | 'ja' }

const leaseExtraMs = 30_000

type Taken = { readonly delivery: ClaimedDelivery; readonly channel: SendingChannel }

/**
 * Makes one attempt of one delivery. Safe to run twice: the row is leased first, and says what is left to do. A node
 * that ends in between leaves the lease to lapse, and the same delivery goes out again under the same id.
 */
export async function deliver(deps: DeliverDeps, orgId: string, deliveryId: string): Promise<void> {
  const principal: SystemPrincipal = { kind: 'system', orgId, because: 'delivery' }
  const taken = await within(deps, principal, (tx) => take(deps, tx, deliveryId))
  if (taken === undefined) return
  const { delivery, channel } = taken
  const startedMs = deps.clock.monotonic()
  const atMs = deps.clock.now()
  const attempt = await sendNotice(deps, openChannelConfig(deps.sealer, orgId, channel), {
    deliveryId,
    openingId: delivery.openingId,
    // Safe: this column only ever holds what `queueNotice` wrote.
    notice: delivery.payload as StoredNotice,
    nowMs: atMs,
  })
  const durationMs = Math.round(deps.clock.monotonic() - startedMs)
  const nowMs = deps.clock.now()
  const verdict = judgeAttempt(
    attempt,
    delivery.attemptsMade + 1,
    nowMs,
    uptimePolicy.delivery,
    deps.chance(),
  )
  await within(deps, principal, (tx) =>
    finish(deps, tx, taken, { attempt, verdict, atMs, durationMs, nowMs }),
  )
}

/** Leases the delivery, unless there is nothing to send any more. */
async function take(deps: DeliverDeps, tx: TenantTx, deliveryId: string): Promise<Taken | undefined> {
  const nowMs = deps.clock.now()
  const delivery = await claimDelivery(
    tx,
    deliveryId,
    nowMs,
    nowMs + uptimePolicy.delivery.timeoutMs + leaseExtraMs,
  )
  if (delivery === undefined) return undefined
  const channel = await findSendingChannel(tx, delivery.channelId)
  const reason = await reasonToKeepStill(tx, delivery, channel)
  if (channel !== undefined && reason === undefined) return { delivery, channel }
  await saveOutcome(
    tx,
    delivery.id,
    { state: 'suppressed', reason: reason ?? 'channel_deleted', nextAttemptMs: null, attempt: null },
    nowMs,
  )
  await wakeNext(tx, delivery.id)
  return undefined
}

async function reasonToKeepStill(
  tx: TenantTx,
  delivery: ClaimedDelivery,
  channel: SendingChannel | undefined,
): Promise<string | undefined> {
  if (await isOrgSuspended(tx)) return 'org_suspended'
  if (channel === undefined) return 'channel_deleted'
  if (!channel.isActive) return 'channel_inactive'
  if (!channel.verified) return 'channel_unverified'
  if (!delivery.isOpening || delivery.incidentId === null || delivery.attemptsMade > 0) return undefined
  // Gate 5: a delayed opening only speaks while nobody works on the incident yet.
  const incident = await findNoticeIncident(tx, delivery.incidentId)
  return incident === undefined || incident.status !== 'ongoing' ? 'no_longer_ongoing' : undefined
}

type Finished = {
  readonly attempt: Attempt
  readonly verdict: AttemptVerdict
  readonly atMs: number
  readonly durationMs: number
  readonly nowMs: number
}

async function finish(
  deps: DeliverDeps,
  tx: TenantTx,
  { delivery, channel }: Taken,
  finished: Finished,
): Promise<void> {
  const { attempt, verdict, atMs, durationMs, nowMs } = finished
  const result = toResult(attempt)
  const kept = { atMs, result, durationMs }
  switch (verdict.kind) {
    case 'sent':
      await saveOutcome(
        tx,
        delivery.id,
        { state: 'sent', reason: null, nextAttemptMs: null, attempt: kept },
        nowMs,
      )
      await forgetDead(tx, channel.id)
      return wakeNext(tx, delivery.id)
    case 'retry': {
      const nextAttemptMs = verdict.notBeforeMs
      await saveOutcome(
        tx,
        delivery.id,
        { state: 'retrying', reason: result, nextAttemptMs, attempt: kept },
        nowMs,
      )
      return wake(tx, delivery.id, nextAttemptMs)
    }
    case 'given_up': {
      await saveOutcome(
        tx,
        delivery.id,
        { state: 'failed', reason: result, nextAttemptMs: null, attempt: kept },
        nowMs,
      )
      const deactivated = await countDead(tx, channel.id, uptimePolicy.delivery.deadMax, verdict.deactivate)
      if (deactivated)
        await deps.audit.append(tx, [
          { action: 'notification_channel.deactivate', resourceId: channel.id, reason: result, at: nowMs },
        ])
      const { event } = delivery
      await enqueue(tx, tellOwnersJob, {
        orgId: tx.orgId,
        channelName: channel.name,
        event,
        result,
        deactivated,
      })
      return wakeNext(tx, delivery.id)
    }
  }
}

async function wakeNext(tx: TenantTx, id: string): Promise<void> {
  const next = await findNextInLine(tx, id)
  if (next !== undefined) await wake(tx, next, undefined)
}

export async function wake(tx: TenantTx, deliveryId: string, atMs: number | undefined): Promise<void> {
  await enqueue(
    tx,
    deliverJob,
    { orgId: tx.orgId, deliveryId },
    { key: `delivery:${deliveryId}`, ...(atMs === undefined ? {} : { runAtMs: atMs }) },
  )
}

/** A status class and a phrase; what the remote side said is not kept, so that a test cannot read private pages. */
export function toResult(attempt: Attempt): string {
  if (attempt.kind === 'failed') return attempt.code
  const { status } = attempt
  if (status >= 200 && status < 300) return 'accepted'
  if (status >= 300 && status < 400) return 'answered 3xx: redirects are not followed'
  return `answered ${Math.floor(status / 100)}xx`
}
