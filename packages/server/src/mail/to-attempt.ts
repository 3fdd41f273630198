import { type Attempt, toAttempt as toOutcome } from '@gatehouse/kernel/delivery'
import type { Posting } from './create-mailer.ts'

/** The delivery result for a mail server's answer. */
export function toAttempt(posting: Posting): Attempt {
  switch (posting.outcome) {
    case 'sent':
      return toOutcome('accepted')
    case 'failed':
      return toOutcome('refused', 'refused by the mail server')
    case 'retry':
      return toOutcome('again', 'mail_relay_unavailable')
  }
}
