import { mutate } from '@gatehouse/kernel/audit'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import { type ChannelReply, defaultEvents, type NewChannelBody } from '../contract/channels.ts'
import type { UptimeDeps } from '../deps.ts'
import { type Channel, insertChannel } from '../store/channel-store.ts'
import {
  assertDestination,
  parseChannelConfig,
  parseChannelType,
  sealChannelConfig,
  summarize,
} from './channel-config.ts'
import { toChannelReply } from './list-channels.ts'
import { assertRoomForChannel } from './plan-limits.ts'
import { assertMailConfigured, requestVerification } from './request-verification.ts'

export type WrittenChannel = { readonly channel: ChannelReply; readonly verificationSent: boolean }

export async function createChannel(
  deps: UptimeDeps,
  principal: Principal,
  body: NewChannelBody,
): Promise<WrittenChannel> {
  const type = parseChannelType(body.type)
  const config = parseChannelConfig(type, body.config)
  if (type === 'email') assertMailConfigured(deps)
  await assertDestination(deps, config)
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    await assertRoomForChannel(deps, tx, type)
    const id = newId(now)
    const channel: Channel = {
      id,
      type,
      name: body.name,
      sealedConfig: sealChannelConfig(deps, tx.orgId, id, config),
      summary: summarize(config),
      isActive: body.isActive ?? true,
      verified: type !== 'email',
      isDefault: body.isDefault ?? true,
      delaySeconds: body.delaySeconds ?? 0,
      events: body.events ?? defaultEvents,
      language: body.language ?? 'en',
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
