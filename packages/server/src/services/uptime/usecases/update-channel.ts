import { mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { forgetHealth } from '@gatehouse/kernel/delivery'
import { withoutGaps } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { ChannelChangeBody } from '../contract/channels.ts'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { channelQueueName } from '../store/channel-queue-name.ts'
import { type Channel, findChannel, lockChannel, setChannel } from '../store/channel-store.ts'
import { assertDestination, requireKind, reviseConfig, sealChannelConfig } from './channel-config.ts'
import type { WrittenChannel } from './create-channel.ts'
import { toChannelReply } from './list-channels.ts'
import { assertMailConfigured, requestVerification } from './request-verification.ts'

/** Updates a channel. A changed address has to be verified again. */
export async function updateChannel(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
  change: ChannelChangeBody,
): Promise<WrittenChannel> {
  const { config: sent, ...settings } = change
  const known = await within(deps, principal, (tx) => findChannel(tx, id))
  if (known === undefined) throw notFound()
  if (sent !== undefined)
    await assertDestination(
      { egress: deps.egress.forOrg(principal.orgId) },
      reviseConfig(deps, principal.orgId, known, sent),
    )
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const before = await lockChannel(tx, id)
    if (before === undefined) throw notFound()
    const given = withoutGaps(settings)
    const after: Channel = {
      ...before,
      ...given,
      ...reconfigure(deps, tx.orgId, before, sent),
      updatedAtMs: now,
    }
    await setChannel(tx, after)
    // A channel that is enabled again starts without failures.
    if (after.isActive && !before.isActive) await forgetHealth(tx, channelQueueName, id)
    const verificationSent = !after.verified && after.summary !== before.summary
    if (verificationSent) {
      assertMailConfigured(deps)
      await requestVerification(deps, tx, after, now)
    }
    const fields = Object.entries(change).flatMap(([field, value]) => (value === undefined ? [] : [field]))
    return {
      result: { channel: toChannelReply(tx.orgId, after), verificationSent },
      entry: { action: 'notification_channel.update', resourceId: id, detail: { fields }, at: now },
    }
  })
}

function reconfigure(
  deps: UptimeDeps,
  orgId: string,
  before: Channel,
  sent: ChannelChangeBody['config'],
): Partial<Channel> {
  if (sent === undefined) return {}
  const destination = reviseConfig(deps, orgId, before, sent)
  const summary = destination.summarize()
  return {
    sealedConfig: sealChannelConfig(deps, orgId, before.id, destination),
    summary,
    verified: requireKind(before.type).needsVerification
      ? before.verified && summary === before.summary
      : true,
  }
}

function notFound(): Error {
  return problems.NOT_FOUND({ detail: 'Channel not found' })
}
