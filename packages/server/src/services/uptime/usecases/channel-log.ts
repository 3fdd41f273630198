import type { TenantTx } from '@gatehouse/kernel/db'
import { type DeliveryInFull, describeAttempt, listDeliveriesInFull } from '@gatehouse/kernel/delivery'
import type { DeliveryReply } from '../contract/delivery-shape.ts'
import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import { parseNotice } from './stored-notice.ts'
import { channelQueueName } from '../store/channel-queue-name.ts'
import { listChannels } from '../store/channel-store.ts'

type Page = Parameters<typeof listDeliveriesInFull>[2]

/** Deliveries of a channel, newest first, or about an incident, in order of creation. */
export async function readChannelLog(tx: TenantTx, page: Page): Promise<readonly DeliveryReply[]> {
  const channels = new Map((await listChannels(tx)).map((channel) => [channel.id, channel]))
  return (await listDeliveriesInFull(tx, channelQueueName, page)).map((delivery) => {
    const channel = channels.get(delivery.destinationId)
    return toDeliveryReply(delivery, { name: channel?.name ?? '', type: channel?.type ?? '' })
  })
}

function toDeliveryReply(
  delivery: DeliveryInFull,
  channel: { readonly name: string; readonly type: string },
): DeliveryReply {
  const { id, destinationId, topic, event, body, attempts, nextAttemptAtMs, createdAtMs, updatedAtMs } =
    delivery
  return {
    id,
    channelId: destinationId,
    channelName: channel.name,
    channelType: channel.type,
    incidentId: topic,
    monitorId: parseNotice(body).body.monitorId,
    event,
    state: toWireState(delivery),
    reason: toReason(delivery),
    attempts: attempts.map((attempt) => ({
      at: toTime(attempt.atMs),
      result: describeAttempt(attempt),
      durationMs: attempt.durationMs,
    })),
    nextAttemptAt: toTimeOrNull(nextAttemptAtMs),
    createdAt: toTime(createdAtMs),
    updatedAt: toTime(updatedAtMs),
  }
}

function toWireState({ state, attemptsMade }: DeliveryInFull): DeliveryReply['state'] {
  if (state === 'pending') return attemptsMade === 0 ? 'queued' : 'retrying'
  return state === 'delivered' ? 'sent' : state
}

function toReason({ state, attemptsMade, lastStatus, lastError }: DeliveryInFull): string | null {
  if (state === 'delivered' || attemptsMade === 0) return state === 'pending' ? null : lastError
  return describeAttempt({ status: lastStatus, error: lastError })
}
