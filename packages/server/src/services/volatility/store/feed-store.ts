import { type GateTx, query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { FeedState, VolatilityTables } from './tables.ts'

export type StoredFeed = {
  readonly venue: string
  readonly status: FeedState
  readonly sinceMs: number
  readonly reason: string | null
  readonly isSimulated: boolean
  readonly lastBarMs: number | null
}

export async function listFeeds(tx: GateTx): Promise<readonly StoredFeed[]> {
  const rows = await query<VolatilityTables>(tx)
    .selectFrom('volatility.feed')
    .select(['venue', 'status', 'since_ms', 'reason', 'simulated', 'last_bar_ms'])
    .execute()
  return rows.map(({ venue, status, since_ms, reason, simulated, last_bar_ms }) => ({
    venue,
    status,
    sinceMs: Number(since_ms),
    reason,
    isSimulated: simulated,
    lastBarMs: last_bar_ms === null ? null : Number(last_bar_ms),
  }))
}

export type FeedOwner = {
  readonly node: string
  readonly sessionPid: number
  readonly sessionStarted: string
  readonly isSimulated: boolean
}

/** Makes a node the owner of a feed; after the commit, writes under an earlier epoch fail. Returns the new epoch. */
export async function claimFeed(
  tx: WriterTx,
  venue: string,
  { node, sessionPid, sessionStarted, isSimulated }: FeedOwner,
  nowMs: number,
): Promise<number> {
  const { rows } = await sql<{ epoch: string }>`
    INSERT INTO volatility.feed AS f
      (venue, epoch, node, status, since_ms, simulated, renewed_at, session_pid, session_started)
    VALUES (${venue}, 1, ${node}, 'connecting', ${nowMs}, ${isSimulated}, clock_timestamp(), ${sessionPid}, ${sessionStarted})
        ON CONFLICT (venue) DO UPDATE
       SET epoch = f.epoch + 1, node = excluded.node, status = 'connecting', since_ms = excluded.since_ms, reason = NULL,
           simulated = excluded.simulated, renewed_at = excluded.renewed_at, session_pid = excluded.session_pid,
           session_started = excluded.session_started
    RETURNING epoch`.execute(query(tx))
  const [row] = rows
  if (row === undefined) throw new Error('A feed was not claimed')
  return Number(row.epoch)
}

/** Renews the ownership; false if the node is not the owner any more. */
export async function renewFeed(tx: WriterTx, venue: string, epoch: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE volatility.feed SET renewed_at = clock_timestamp() WHERE venue = ${venue} AND epoch = ${epoch}`.execute(
    query(tx),
  )
  return numAffectedRows === 1n
}

/** The database session of an owner that has not renewed for this long, by the database's clock. */
export async function findSilentOwner(
  tx: GateTx,
  venue: string,
  silentMs: number,
): Promise<{ readonly pid: number; readonly startedAt: string } | undefined> {
  const { rows } = await sql<{ session_pid: number; session_started: string }>`
    SELECT session_pid, session_started FROM volatility.feed
     WHERE venue = ${venue} AND session_pid IS NOT NULL
       AND renewed_at < clock_timestamp() - make_interval(secs => ${silentMs / 1_000})`.execute(query(tx))
  const [row] = rows
  return row && { pid: row.session_pid, startedAt: row.session_started }
}

/** Stores the feed's state as its owner reports it; ignored from any other node. */
export async function noteFeedState(
  tx: WriterTx,
  venue: string,
  epoch: number,
  { status, sinceMs, reason }: Pick<StoredFeed, 'status' | 'sinceMs' | 'reason'>,
): Promise<void> {
  await sql`
    UPDATE volatility.feed SET status = ${status}, since_ms = ${sinceMs}, reason = ${reason}
     WHERE venue = ${venue} AND epoch = ${epoch}`.execute(query(tx))
}
