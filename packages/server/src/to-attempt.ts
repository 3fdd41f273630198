import type { Posting } from './mail/index.ts'

/** What a mail server said, in the terms of a delivery: 2xx taken, 4xx refused for good, else to be tried again. */
export function toAttempt(posting: Posting) {
  switch (posting.outcome) {
    case 'sent':
      return { kind: 'answered', status: 250, retryAfterSeconds: null } as const
    case 'failed':
      return { kind: 'answered', status: 422, retryAfterSeconds: null } as const
    case 'retry':
      return { kind: 'failed', code: 'mail_relay_unavailable' } as const
  }
}
