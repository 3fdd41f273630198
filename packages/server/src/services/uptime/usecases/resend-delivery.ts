import { mutate } from '@gatehouse/kernel/audit'
import { type DeliveryInFull, findDelivery, setReplayed } from '@gatehouse/kernel/delivery'
import type { Principal } from '@gatehouse/kernel/principal'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { channelQueueName } from '../store/channel-queue-name.ts'
import { lockChannel } from '../store/channel-store.ts'
import { findNoticeIncident } from '../store/notice-store.ts'

/** Sends a finished delivery again under its original id. */
export async function resendDelivery(
  deps: UptimeDeps,
  principal: Principal,
  channelId: string,
  id: string,
): Promise<void> {
  await mutate(deps, principal, async (tx) => {
    const channel = await lockChannel(tx, channelId)
    const delivery = channel && (await findDelivery(tx, channelQueueName, channelId, id))
    if (channel === undefined || delivery === undefined)
      throw problems.NOT_FOUND({ detail: 'Delivery not found' })
    if (!channel.isActive) throw problems.CHANNEL_INACTIVE()
    if (!channel.verified) throw problems.CHANNEL_UNVERIFIED()
    assertEnded(delivery)
    // Gate 5 would drop it silently.
    if (delivery.event === 'incident.created' && delivery.topic !== null) {
      const incident = await findNoticeIncident(tx, delivery.topic)
      if (incident?.status !== 'ongoing')
        throw problems.INVALID_STATE({
          detail: 'The incident was taken or is over: that it began is no news any more',
        })
    }
    const nowMs = deps.clock.now()
    await setReplayed(tx, channelQueueName, channelId, { id }, nowMs)
    return {
      result: undefined,
      entry: {
        action: 'notification_channel.resend',
        resourceId: channelId,
        detail: { delivery: id, event: delivery.event },
        at: nowMs,
      },
    }
  })
}

function assertEnded({ state }: DeliveryInFull): void {
  switch (state) {
    case 'delivered':
    case 'failed':
      return
    case 'pending':
    case 'held':
      throw problems.INVALID_STATE({ detail: 'This notice is on its way already' })
    case 'suppressed':
    case 'merged':
      throw problems.INVALID_STATE({ detail: 'This notice was not meant to leave' })
  }
}
