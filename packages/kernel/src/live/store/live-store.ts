import { query, type TenantTx } from '../../db/index.ts'

export type LiveEvent = {
  /** The number of the event; it rises by one with every event of its org. */
  readonly seq: number
  readonly atMs: number
  readonly topic: string
  /** The id of the object that the event is about. */
  readonly subject: string
  readonly event: string
  readonly body: unknown
}

type Tables = {
  'gatehouse.live_head': { org_id: string; seq: string }
  'gatehouse.live_event': {
    org_id: string
    seq: string
    at: Date
    topic: string
    subject: string
    event: string
    body: unknown
  }
}

/** The number of the org's newest event; 0 before the first. */
export async function findHead(tx: TenantTx): Promise<number> {
  const row = await query<Tables>(tx)
    .selectFrom('gatehouse.live_head')
    .select('seq')
    .where('org_id', '=', tx.orgId)
    .executeTakeFirst()
  return Number(row?.seq ?? 0)
}

/** The events after that one, oldest first. */
export async function listEventsAfter(
  tx: TenantTx,
  seq: number,
  limit: number,
): Promise<readonly LiveEvent[]> {
  const rows = await query<Tables>(tx)
    .selectFrom('gatehouse.live_event')
    .select(['seq', 'at', 'topic', 'subject', 'event', 'body'])
    .where('org_id', '=', tx.orgId)
    .where('seq', '>', String(seq))
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map(({ seq: number, at, ...row }) => ({ ...row, seq: Number(number), atMs: at.getTime() }))
}
