import { sql } from 'kysely'
import { query, type WriterTx } from '../../db/index.ts'

/** How long a delivery may wait for its endpoint to be enabled again. */
export const heldDaysMax = 30
const heldMsMax = heldDaysMax * 86_400_000

/**
 * Ends what was held since `throughMs` or longer as failed, `expired`, oldest first; at most `limit` of it. From then on
 * it is kept as long as anything that is finished.
 */
export async function expireHeldDeliveries(tx: WriterTx, throughMs: number, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    UPDATE gatehouse.webhook_delivery AS delivery
       SET state = 'failed', last_error = 'expired', finished_at = ${new Date(throughMs + heldMsMax)}
      FROM (SELECT org_id, endpoint_id, message_id FROM gatehouse.webhook_delivery
             WHERE state = 'held' AND created_at <= ${new Date(throughMs)}
             ORDER BY created_at LIMIT ${limit} FOR UPDATE SKIP LOCKED) AS due
     WHERE (delivery.org_id, delivery.endpoint_id, delivery.message_id)
           = (due.org_id, due.endpoint_id, due.message_id)`.execute(query(tx))
  return Number(numAffectedRows ?? 0)
}

/** When the oldest delivery that is held was made, in milliseconds; null when none is. */
export async function findOldestHeldDelivery(tx: WriterTx): Promise<number | null> {
  const { rows } = await sql<{ oldest: Date | null }>`
    SELECT min(created_at) AS oldest FROM gatehouse.webhook_delivery WHERE state = 'held'`.execute(query(tx))
  return rows[0]?.oldest?.getTime() ?? null
}
