/** How a row of one kind of data comes to be `$1` old, and which rows of its table still hold what is to go. */
export type AgedRow = {
  readonly insert: string
  readonly holds?: string
  /** The retention period, written down a second time, so that a change of the figure in the source alone is found. */
  readonly keptMs: number
}

export const dayMs = 86_400_000
/** The time of the row itself is its end. */
export const untilExpiry = 0

/** SQL for an org that there need not be, and for an id that nothing has. */
export const agedOrg = `'00000000-0000-4000-8000-000000000000'`
export const agedId = 'gen_random_uuid()::text'

export const toAgedAttempt = (queue: string, days: number): AgedRow => ({
  keptMs: days * dayMs,
  insert: `
    INSERT INTO gatehouse.delivery_attempt (org_id, queue, destination_id, delivery_id, at, duration_ms)
    VALUES (${agedOrg}, '${queue}', 'x', 'x', $1, 1)`,
  holds: `queue = '${queue}'`,
})
export const toAgedDelivery = (queue: string, days: number): AgedRow => ({
  keptMs: days * dayMs,
  insert: `
    INSERT INTO gatehouse.delivery
      (org_id, queue, destination_id, id, event, body, state, created_at, updated_at, finished_at)
    VALUES (${agedOrg}, '${queue}', 'x', ${agedId}, 'x', 'x', 'delivered', now(), now(), $1)`,
  holds: `queue = '${queue}'`,
})
