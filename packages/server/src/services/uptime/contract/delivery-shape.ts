import { z } from 'zod'
import { time } from '../../../service/shapes.ts'

export const deliveryReply = z
  .strictObject({
    id: z.string(),
    channelId: z.string(),
    channelName: z.string(),
    channelType: z.string(),
    incidentId: z.string().nullable(),
    monitorId: z.string().nullable(),
    event: z.string(),
    state: z.enum(['held', 'queued', 'retrying', 'sent', 'failed', 'suppressed', 'merged']),
    reason: z.string().nullable(),
    /** `result` is a status class and a phrase, never the remote response. */
    attempts: z.array(z.strictObject({ at: time, result: z.string(), durationMs: z.int() })),
    nextAttemptAt: time.nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Delivery' })

export type DeliveryReply = z.input<typeof deliveryReply>
