import { type GateTx, query } from '@gatehouse/kernel/db'
import { sql } from 'kysely'

/** Counts a mail to an address in one statement; false when it had `max` of them after `sinceMs`. */
export async function takeMail(
  tx: GateTx,
  digest: Buffer,
  max: number,
  sinceMs: number,
  nowMs: number,
): Promise<boolean> {
  const [now, since] = [new Date(nowMs), new Date(sinceMs)]
  const { numAffectedRows } = await sql`
    INSERT INTO platform.mail_quota AS q (digest, sent_at, last_at) VALUES (${digest}, ARRAY[${now}::timestamptz], ${now})
    ON CONFLICT (digest) DO UPDATE
       SET sent_at = ARRAY(SELECT t FROM unnest(q.sent_at) AS t WHERE t > ${since}) || ${now}::timestamptz,
           last_at = ${now}
     WHERE (SELECT count(*) FROM unnest(q.sent_at) AS t WHERE t > ${since}) < ${max}`.execute(query(tx))
  return numAffectedRows === 1n
}

/** Takes back the count of a mail that could not be sent. */
export async function giveMailBack(tx: GateTx, digest: Buffer, atMs: number): Promise<void> {
  await sql`
    UPDATE platform.mail_quota SET sent_at = array_remove(sent_at, ${new Date(atMs)}::timestamptz::timestamptz(3))
     WHERE digest = ${digest}`.execute(query(tx))
}
