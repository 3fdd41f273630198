import { type GateTx, query } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import type { Device } from '../domain/device.ts'

export type GuessKind = 'password' | 'second_factor'

/** The account whose proof is tried, and the counter for the place that the try comes from. */
export type GuessPlace = {
  readonly subject: string
  /** Null when no account has this address. */
  readonly userId: string | null
  readonly purpose: GuessKind
  readonly place: string
}

export type GuessFigures = {
  /** The number of failures within `windowMs` without a delay. */
  readonly free: number
  readonly windowMs: number
  readonly holdMsMin: number
  readonly holdMsMax: number
}

/**
 * Counts a try as failed before it is compared, in one statement, so that concurrent tries on any node cannot outrun
 * the count. Returns the number including this one, or undefined while the last failure delays further tries. From the
 * last free failure on, each one doubles the delay; a window without a failure ends it.
 */
export async function chargeGuess(
  tx: GateTx,
  { subject, userId, purpose, place }: GuessPlace,
  { free, windowMs, holdMsMin, holdMsMax }: GuessFigures,
  nowMs: number,
): Promise<number | undefined> {
  const now = new Date(nowMs)
  const windowStart = new Date(nowMs - windowMs)
  const { rows } = await sql<{ failures: number }>`
    INSERT INTO platform.guess AS g (subject, user_id, purpose, place, failures, began_at, failed_at, held_until)
    VALUES (${subject}, ${userId}, ${purpose}, ${place}, 1, ${now}, ${now}, ${now})
    ON CONFLICT (subject, purpose, place) DO UPDATE
       SET (failures, began_at, failed_at, held_until) = (
         SELECT n, CASE WHEN n = 1 THEN ${now}::timestamptz ELSE g.began_at END, ${now}::timestamptz,
                ${now}::timestamptz + CASE WHEN n < ${free}::int THEN 0
                  ELSE least(${holdMsMax}::float8, ${holdMsMin}::float8 * power(2, least(n - ${free}::int, 30)))
                END * interval '1 millisecond'
           FROM (SELECT CASE WHEN g.failed_at <= ${windowStart}
                               OR (g.failures < ${free}::int AND g.began_at <= ${windowStart})
                             THEN 1 ELSE g.failures + 1 END AS n) AS next)
     WHERE g.held_until <= ${now}
    RETURNING g.failures`.execute(query(tx))
  return rows[0]?.failures
}

/** Clears the count, because the try was correct. */
export async function clearGuesses(
  tx: GateTx,
  { subject, purpose, place }: Omit<GuessPlace, 'userId'>,
): Promise<void> {
  await sql`
    DELETE FROM platform.guess
     WHERE subject = ${subject} AND purpose = ${purpose} AND place = ${place}`.execute(query(tx))
}

/** True for one caller per `notAgainMs`, which then notifies the person. */
export async function claimTelling(
  tx: GateTx,
  { subject, purpose, place }: GuessPlace,
  notAgainMs: number,
  nowMs: number,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE platform.guess SET told_at = ${new Date(nowMs)}
     WHERE subject = ${subject} AND purpose = ${purpose} AND place = ${place}
       AND (told_at IS NULL OR told_at <= ${new Date(nowMs - notAgainMs)})`.execute(query(tx))
  return numAffectedRows === 1n
}

/** Whether the person has signed in from this device after `sinceMs`; false for an empty user id. */
export async function isKnownDevice(
  tx: GateTx,
  userId: string,
  { browser, system, network }: Device,
  sinceMs: number,
): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM platform.known_device
     WHERE user_id = ${userId} AND browser = ${browser} AND system = ${system} AND network = ${network}
       AND last_seen_at > ${new Date(sinceMs)}`.execute(query(tx))
  return rows.length === 1
}
