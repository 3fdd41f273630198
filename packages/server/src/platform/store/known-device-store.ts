import type { AuditedTx } from '@gatehouse/kernel/audit'
import { query } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Device } from '../domain/device.ts'

/** Records a log-in from a device. True when the person has not logged in from it after `sinceMs`. */
export async function seeDevice(
  tx: AuditedTx,
  userId: string,
  { browser, system, network }: Device,
  sinceMs: number,
  nowMs: number,
): Promise<boolean> {
  // The outer SELECT sees the state before the statement, and so the previous log-in.
  const { rows } = await sql<{ is_new: boolean }>`
    INSERT INTO platform.known_device (user_id, browser, system, network, last_seen_at)
    VALUES (${userId}, ${browser}, ${system}, ${network}, ${new Date(nowMs)})
        ON CONFLICT (user_id, browser, system, network) DO UPDATE SET last_seen_at = excluded.last_seen_at
    RETURNING NOT EXISTS (
      SELECT FROM platform.known_device seen
       WHERE seen.user_id = ${userId} AND seen.browser = ${browser} AND seen.system = ${system}
         AND seen.network = ${network} AND seen.last_seen_at > ${new Date(sinceMs)}) AS is_new`.execute(
    query(tx),
  )
  return rows[0]?.is_new === true
}

/** True for the first session that a person ever gets. */
export async function beginSessions(tx: AuditedTx, userId: string, nowMs: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE platform."user" SET first_session_at = ${new Date(nowMs)}
     WHERE id = ${userId} AND first_session_at IS NULL`.execute(query(tx))
  return numAffectedRows === 1n
}
