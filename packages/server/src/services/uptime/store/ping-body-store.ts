import { query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'

/** Deletes the bodies of pings up to `throughMs`, about `limit` of them, oldest first; returns the number. */
export async function clearPingBodies(tx: WriterTx, throughMs: number, limit: number): Promise<number> {
  const { rows } = await sql<{ at: Date | null }>`
    SELECT max(at) AS at FROM (
      SELECT at FROM uptime.heartbeat_ping
       WHERE body IS NOT NULL AND at <= ${new Date(throughMs)} ORDER BY at LIMIT ${limit}) AS batch`.execute(
    query(tx),
  )
  const batchEnd = rows[0]?.at ?? null
  if (batchEnd === null) return 0
  const { numAffectedRows } = await sql`
    UPDATE uptime.heartbeat_ping SET body = NULL WHERE body IS NOT NULL AND at <= ${batchEnd}`.execute(
    query(tx),
  )
  return Number(numAffectedRows ?? 0)
}

export async function findOldestPingBody(tx: WriterTx): Promise<number | null> {
  const { rows } = await sql<{ oldest: Date | null }>`
    SELECT min(at) AS oldest FROM uptime.heartbeat_ping WHERE body IS NOT NULL`.execute(query(tx))
  return rows[0]?.oldest?.getTime() ?? null
}
