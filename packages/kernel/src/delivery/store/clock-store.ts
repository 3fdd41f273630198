import { sql } from 'kysely'
import { query, type WriterTx } from '../../db/index.ts'

export type ClockBounds = {
  readonly queue: string
  readonly nowMs: number
  /** A stored time that is later than this was written under another clock. */
  readonly writtenUntilMs: number
  /** The latest possible end of a lease taken now. */
  readonly leaseUntilMs: number
  /** The latest possible time until which a receiver can now ask us to wait. */
  readonly patienceUntilMs: number
}

/**
 * Corrects stored times that are in the future because the clock stepped back. A delivery written under the other clock
 * waits as long from now as it had to wait then; a lease ends no later than one taken now, so that no node sends what
 * another is still sending.
 */
export async function bringForward(
  tx: WriterTx,
  { queue, nowMs, writtenUntilMs, leaseUntilMs, patienceUntilMs }: ClockBounds,
): Promise<void> {
  const now = new Date(nowMs)
  await sql`
    UPDATE gatehouse.delivery
       SET next_attempt_at = CASE WHEN updated_at > ${new Date(writtenUntilMs)}
                                  THEN ${now}::timestamptz + (next_attempt_at - updated_at)
                                  ELSE next_attempt_at END,
           updated_at = CASE WHEN updated_at > ${new Date(writtenUntilMs)} THEN ${now}::timestamptz ELSE updated_at END,
           lease_until = CASE WHEN lease_until > ${new Date(leaseUntilMs)} THEN ${new Date(leaseUntilMs)}::timestamptz
                              ELSE lease_until END
     WHERE queue = ${queue} AND state = 'pending'
       AND (updated_at > ${new Date(writtenUntilMs)} OR lease_until > ${new Date(leaseUntilMs)})`.execute(
    query(tx),
  )
  await sql`
    UPDATE gatehouse.ailing_destination SET not_before = ${now}
     WHERE queue = ${queue} AND not_before > ${new Date(patienceUntilMs)}`.execute(query(tx))
}
