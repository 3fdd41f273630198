import type { TelemetryTx } from '@gatehouse/kernel/db'
import { publishWebhook } from '@gatehouse/kernel/webhooks'
import type { z } from 'zod'
import { publishEvent, toWebhookBody, webhookService } from '../../../service/publish-event.ts'
import { flatDecisionEvents } from '../contract/decision-events.ts'
import { oversightEvents, type OversightEvent } from '../contract/events.ts'
import { scoreEvents } from '../contract/score-events.ts'

/** Publishes one event to the organisation's webhooks, in the transaction that caused it. */
export async function tellWebhooks<Type extends Exclude<OversightEvent, FlatEvent>>(
  tx: TelemetryTx,
  type: Type,
  data: z.input<(typeof oversightEvents)[Type]>,
  atMs: number,
): Promise<void> {
  await publishEvent(tx, oversightEvents, type, data, atMs)
}

const flatEvents = { ...scoreEvents, ...flatDecisionEvents }

export type FlatEvent = keyof typeof flatEvents

/** The same for events whose members public clients read beside the event's name, not below `data` (wire 8). */
export async function tellFlat<Type extends FlatEvent>(
  tx: TelemetryTx,
  type: Type,
  members: z.input<(typeof flatEvents)[Type]>,
  atMs: number,
): Promise<void> {
  const payload = flatEvents[type].parse(members)
  const { orgId } = tx
  await publishWebhook(tx, {
    service: webhookService,
    type,
    atMs,
    toBody: (id) => {
      const { data: _members, ...envelope } = toWebhookBody({ id, type, orgId, atMs, data: payload })
      return { ...payload, ...envelope }
    },
  })
}
