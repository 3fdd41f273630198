import { mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { EgressError } from '@gatehouse/kernel/egress'
import { showHost } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { SystemPrincipal } from '@gatehouse/kernel/principal'
import { judgeWebhookUrlNow } from '@gatehouse/kernel/webhooks'
import { findPlan } from '../../../service/find-plan.ts'
import type { UptimeDeps } from '../deps.ts'
import { channelEgressPolicy } from '../destinations/channel.ts'
import { isEchoed } from '../domain/challenge.ts'
import { plans } from '../plans.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { lockPlan } from '../store/plan-store.ts'
import { countSubscribers, insertSubscriber } from '../store/subscriber-store.ts'
import { digestToken, newToken } from './heartbeat-token.ts'
import { assertRoomForSubscriber, subscribersFull } from './subscribe.ts'
import { sealSubscriber } from './subscriber-config.ts'

const { challengeTimeoutMs } = policy.subscription
const answerBytesMax = 4_096

export type AskedWebhook = {
  readonly serviceId: string
  readonly url: string
  /** Empty: all. */
  readonly componentIds: readonly string[]
  readonly language: 'en' | 'ja'
}

/** What its owner keeps: shown once. */
export type NewWebhookSubscription = {
  readonly id: string
  readonly secret: string
  readonly unsubscribeUrl: string
}

/**
 * Subscribes a program that returns the challenge, which proves that it wants what it gets. Uses the network, so it must
 * not be called inside a transaction.
 */
export async function subscribeWebhook(
  deps: UptimeDeps,
  orgId: string,
  { serviceId, url, componentIds, language }: AskedWebhook,
): Promise<NewWebhookSubscription> {
  const principal: SystemPrincipal = { kind: 'system', orgId, because: 'subscription' }
  await within(deps, principal, (tx) => assertRoomForSubscriber(tx, serviceId, deps.clock.now()))
  await challenge(deps, orgId, url)
  const token = newToken(deps)
  const secret = `whsec_${deps.randomBytes(32).toString('base64')}`
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    // Locked, so that subscriptions at the same time are counted one after the other.
    const { subscribersMax } = findPlan(plans, await lockPlan(tx))
    const { confirmed } = await countSubscribers(tx, serviceId, now)
    if (subscribersMax !== null && confirmed >= subscribersMax) throw subscribersFull()
    const id = newId(now)
    await insertSubscriber(tx, {
      id,
      serviceId,
      kind: 'webhook',
      address: showHost(new URL(url).host),
      sealedConfig: sealSubscriber(deps, { orgId, id }, { token, webhook: { url, secret } }),
      tokenDigest: digestToken(token),
      language,
      componentIds,
      confirmedAtMs: now,
      mailsSent: 0,
      createdAtMs: now,
    })
    return {
      result: { id, secret, unsubscribeUrl: `${deps.publicUrl()}/subscriptions/unsubscribe?token=${token}` },
      entry: {
        action: 'status_page.subscribe',
        resourceId: serviceId,
        detail: { subscriberId: id, kind: 'webhook' },
        at: now,
      },
    }
  })
}

/** What came back is never told, so that nobody can read through this server. */
async function challenge(deps: UptimeDeps, orgId: string, url: string): Promise<void> {
  const egress = deps.egress.forOrg(orgId)
  const verdict = await judgeWebhookUrlNow(egress, url)
  if (!verdict.accepted) {
    const isForbidden = verdict.reason === 'name' || verdict.reason === 'address'
    const message = isForbidden ? 'this address may not be notified' : verdict.sentence
    throw problems.VALIDATION_ERROR({ fields: [{ field: 'webhookUrl', message }] })
  }
  const sent = deps.randomBytes(32).toString('base64url')
  if (!(await isReturned(egress, url, sent)))
    throw problems.DELIVERY_FAILED({
      detail: `webhookUrl: must answer with 2xx and the challenge within ${challengeTimeoutMs / 1000} s`,
    })
}

async function isReturned(
  egress: ReturnType<UptimeDeps['egress']['forOrg']>,
  url: string,
  sent: string,
): Promise<boolean> {
  try {
    const { status, body } = await egress.request({
      url,
      method: 'POST',
      policy: channelEgressPolicy,
      timeoutMs: challengeTimeoutMs,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'subscription.verify', challenge: sent }),
      readBody: { bytesMax: answerBytesMax },
    })
    return status >= 200 && status < 300 && isEchoed(body?.toString('utf8') ?? '', sent)
  } catch (error) {
    if (error instanceof EgressError) return false
    throw error
  }
}
