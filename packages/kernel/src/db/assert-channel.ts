import { randomUUID } from 'node:crypto'
import type { Database } from './database.ts'
import type { Invalidations } from './invalidations.ts'

const patienceMs = 10_000

/**
 * Throws when a notification does not arrive on the channel. A pooler in transaction mode lends a connection for one
 * transaction only, so that LISTEN and session locks are lost behind it.
 */
export async function assertChannel(
  { pool }: Database,
  channel: Pick<Invalidations, 'subscribe'>,
  limitMs = patienceMs,
): Promise<void> {
  const probe = `probe:${randomUUID()}`
  const { promise: arrived, resolve } = Promise.withResolvers<boolean>()
  const unsubscribe = channel.subscribe((subject) => subject === probe && resolve(true))
  const timer = setTimeout(() => resolve(false), limitMs)
  try {
    await pool.query(`SELECT pg_notify('gatehouse_invalidate', $1)`, [probe])
    if (!(await arrived))
      throw new Error(
        'Notifications of PostgreSQL do not arrive, as behind a pooler in transaction mode. ' +
          'Give PostgreSQL itself in DATABASE_URL, or a pooler in session mode',
      )
  } finally {
    clearTimeout(timer)
    unsubscribe()
  }
}
