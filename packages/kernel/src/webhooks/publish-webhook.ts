import type { TenantTx } from '../db/index.ts'
import { newId } from '../ids/index.ts'
import { insertMessage } from './store/delivery-store.ts'

export type WebhookEvent = {
  /** Whose event it is; only endpoints of that service hear of it. */
  readonly service: string
  readonly type: string
  readonly atMs: number
  /** The body to send, which may repeat the message's id. It must hold no secret. */
  readonly toBody: (id: string) => object
}

/** Queues an event for every endpoint that subscribes to it. It leaves when, and only if, the transaction commits (W3). */
export async function publishWebhook(
  tx: TenantTx,
  { service, type, atMs, toBody }: WebhookEvent,
): Promise<void> {
  const id = `evt_${newId(atMs)}`
  await insertMessage(tx, { id, service, type, body: JSON.stringify(toBody(id)), atMs, endpointId: null })
}
