import { mutate } from '@gatehouse/kernel/audit'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import { type ChannelReply, defaultEvents, type NewChannelBody } from '../contract/channels.ts'
import type { UptimeDeps } from '../deps.ts'
import { type Channel, insertChannel } from '../store/channel-store.ts'
import { acceptConfig, assertDestination, requireKind, sealChannelConfig } from './channel-config.ts'
import { toChannelReply } from './list-channels.ts'
import { assertRoomForChannel } from './plan-limits.ts'
import { assertMailConfigured, requestVerification } from './request-verification.ts'

export type WrittenChannel = { readonly channel: ChannelReply; readonly verificationSent: boolean }

export async function createChannel(
  deps: UptimeDeps,
  principal: Principal,
  body: NewChannelBody,
): Promise<WrittenChannel> {
  const { type } = body
  const kind = requireKind(type)
  const destination = acceptConfig(kind, body.config)
  if (kind.needsVerification) assertMailConfigured(deps)
  await assertDestination({ egress: deps.egress.forOrg(principal.orgId) }, destination)
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    await assertRoomForChannel(deps, tx, type)
    const id = newId(now)
    const channel: Channel = {
      id,
      type,
      name: body.name,
      sealedConfig: sealChannelConfig(deps, tx.orgId, id, destination),
      summary: destination.summarize(),
      isActive: body.isActive ?? true,
      verified: !kind.needsVerification,
      isDefault: body.isDefault ?? true,
      delaySeconds: body.delaySeconds ?? 0,
      activeHours: body.activeHours ?? null,
      events: body.events ?? defaultEvents,
      language: body.language ?? 'en',
      lastTestAtMs: null,
      createdAtMs: now,
      updatedAtMs: now,
    }
    await insertChannel(tx, channel)
    if (!channel.verified) await requestVerification(deps, tx, channel, now)
    return {
      result: { channel: toChannelReply(tx.orgId, channel), verificationSent: !channel.verified },
      entry: {
        action: 'notification_channel.create',
        resourceId: id,
        detail: { type, name: channel.name },
        at: now,
      },
    }
  })
}
