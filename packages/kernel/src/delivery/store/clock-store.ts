import { sql } from 'kysely'
import { query, type WriterTx } from '../../db/index.ts'

export type ClockBounds = {
  readonly queue: string
  readonly nowMs: number
  /** What is written down as later than this was written under another clock. */
  readonly writtenUntilMs: number
  /** The latest end of a lease that is taken at this moment. */
  readonly leaseUntilMs: number
  /** The latest moment until which a receiver that asks for time now would be left alone. */
  readonly patienceUntilMs: number
}

/**
 * Brings forward what a clock that stepped back has left in the future. A delivery that was written then waits as long
 * from now on as it was to wait from then on; a lease ends when one of this moment would, so that nobody sends what
 * another node still sends.
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
