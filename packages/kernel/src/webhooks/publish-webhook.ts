import type { TelemetryTx } from '../db/index.ts'
import { insertDelivery } from '../delivery/index.ts'
import { newId } from '../ids/index.ts'
import { subscribersTo } from './store/endpoint-store.ts'
import { webhookQueueName } from './webhook-queue-name.ts'

export type WebhookEvent = {
  /** The service that the event belongs to; only endpoints of that service receive it. */
  readonly service: string
  readonly type: string
  readonly atMs: number
  /** Makes the body, which may repeat the message's id. It must hold no secret. */
  readonly toBody: (id: string) => object
}

/** Queues an event for every endpoint that subscribes to it. It is sent if and only if the transaction commits (W3). */
export async function publishWebhook(
  tx: TelemetryTx,
  { service, type, atMs, toBody }: WebhookEvent,
): Promise<void> {
  const id = `evt_${newId(atMs)}`
  const body = JSON.stringify(toBody(id))
  const event = { orgId: tx.orgId, queue: webhookQueueName, id, event: type, body, atMs }
  await insertDelivery(tx, event, subscribersTo(tx, service, type))
}
