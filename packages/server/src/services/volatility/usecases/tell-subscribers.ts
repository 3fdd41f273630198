import type { WriterTx } from '@gatehouse/kernel/db'
import { queueForSubscribers } from '../store/subscription-store.ts'
import type { Ingested } from './ingest-minute.ts'

/** Commits with the bars: adds a minute's events to the outbox of matching subscriptions (W3). */
export async function tellSubscribers(
  tx: WriterTx,
  { events, atMs }: Pick<Ingested, 'events' | 'atMs'>,
): Promise<void> {
  await queueForSubscribers(
    tx,
    // Safe: a body is the flat object of specification 10, whose members are values.
    events.map(({ body, ...event }) => ({ ...event, body: body as Readonly<Record<string, unknown>> })),
    atMs,
  )
}
