import { recordTelemetry, type TenantTx } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import type { SystemPrincipal } from '@gatehouse/kernel/principal'
import type { Problem } from '@gatehouse/kernel/problem'
import { findPlan } from '../../../service/find-plan.ts'
import type { AskedMails, UptimeDeps } from '../deps.ts'
import { judgeAsk, judgeRoom } from '../domain/subscription.ts'
import { plans } from '../plans.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { findActiveDomain } from '../store/domain-store.ts'
import { findOrg } from '../store/plan-store.ts'
import { findService } from '../store/service-store.ts'
import {
  countSubscribers,
  findSubscriberByEmail,
  insertSubscriber,
  lockAddress,
  setPending,
} from '../store/subscriber-store.ts'
import { digestToken } from './heartbeat-token.ts'
import { sealSubscriber } from './subscriber-config.ts'

/**
 * Queues the mail that asks the address. Whether the address is known is not looked up here, so neither the reply nor
 * its duration discloses it; the mail is the one to look, and tells only the mailbox.
 */
export async function askForMails(deps: UptimeDeps, orgId: string, asked: AskedMails): Promise<void> {
  if (!deps.mail.isConfigured)
    throw problems.EMAIL_NOT_CONFIGURED({
      detail: 'This instance sends no mail. Follow the feeds, or subscribe a webhook',
    })
  await recordTelemetry(deps, byStranger(orgId), async (tx) => {
    await assertRoomForSubscriber(tx, asked.serviceId, deps.clock.now())
    await deps.notices.queueInvitation(tx, asked)
  })
}

/** Keeps what was asked for until the mailbox agrees. Undefined: it is not asked, or not again. */
export async function keepAsked(
  deps: Pick<UptimeDeps, 'db' | 'clock' | 'sealer'>,
  orgId: string,
  { serviceId, email, componentIds, language }: AskedMails,
  token: string,
): Promise<{ readonly slug: string; readonly domain: string | null } | undefined> {
  return recordTelemetry(deps, byStranger(orgId), async (tx) => {
    const now = deps.clock.now()
    const page = await findService(tx, serviceId)
    if (page === undefined) return undefined
    await lockAddress(tx, serviceId, email)
    const known = await findSubscriberByEmail(tx, serviceId, email)
    const tokenDigest = digestToken(token)
    const verdict = judgeAsk(known, tokenDigest, now, policy.subscription.mailsMax)
    if (verdict.kind === 'quiet') return undefined
    const id = known?.id ?? newId(now)
    const subscriber = {
      id,
      serviceId,
      kind: 'email',
      address: email,
      sealedConfig: sealSubscriber(deps, { orgId, id }, { token }),
      tokenDigest,
      language,
      componentIds,
      confirmedAtMs: null,
      expiresAtMs: now + policy.subscription.confirmHours * 3_600_000,
      mailsSent: verdict.mailsSent,
      createdAtMs: known?.createdAtMs ?? now,
    } as const
    await (known === undefined ? insertSubscriber(tx, subscriber) : setPending(tx, subscriber))
    return { slug: page.slug, domain: await findActiveDomain(tx, serviceId) }
  })
}

/** The refusal is about the page alone: it says nothing of any address. */
export async function assertRoomForSubscriber(tx: TenantTx, serviceId: string, nowMs: number): Promise<void> {
  const { subscribersMax } = findPlan(plans, (await findOrg(tx)).plan)
  const present = await countSubscribers(tx, serviceId, nowMs)
  if (judgeRoom(present, subscribersMax, policy.subscription.pendingMax) === 'full') throw subscribersFull()
}

export function subscribersFull(): Problem {
  return problems.SUBSCRIBERS_FULL({ detail: 'This page takes no more subscribers at the moment' })
}

function byStranger(orgId: string): SystemPrincipal {
  return { kind: 'system', orgId, because: 'subscription' }
}
