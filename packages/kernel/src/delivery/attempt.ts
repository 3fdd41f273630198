import { parseRetryAfter } from './retry-after.ts'

/** What came of one attempt, whatever it was sent by. Never a byte of what the other side said. */
export type Attempt = {
  /** `again`: it may work another time. `gone`: the receiver wants nothing more, ever. */
  readonly outcome: 'accepted' | 'again' | 'refused' | 'gone'
  /** The HTTP status, where an answer had one. */
  readonly status: number | null
  /** Why it did not get through, in the words of its kind; null where the status says it, or where it did. */
  readonly error: string | null
  /** How long the receiver asks to be left alone, in milliseconds; 0 when it does not ask. */
  readonly waitMs: number
  /** The receiver has more than it can take, so that others of its messages wait as well. */
  readonly isOverloaded: boolean
}

const retriedStatuses: ReadonlySet<number> = new Set([408, 425, 429])
const overloadedStatuses: ReadonlySet<number> = new Set([429, 502, 504])

/** The outcome without an HTTP answer: nothing asked, nothing overloaded. */
export function toAttempt(outcome: Attempt['outcome'], error: string | null = null): Attempt {
  return { outcome, status: null, error, waitMs: 0, isOverloaded: false }
}

export type HttpAnswer = {
  readonly status: number
  readonly headers: { readonly 'retry-after'?: string | undefined }
}

/**
 * An HTTP answer as an outcome. A redirect is a failure like any other: it is never followed, and may be gone by the
 * next try. `clientErrorsAreFinal`: a 4xx that does not ask for patience will not change its mind.
 */
export function toHttpAttempt(
  { status, headers }: HttpAnswer,
  nowMs: number,
  { clientErrorsAreFinal }: { readonly clientErrorsAreFinal: boolean },
): Attempt {
  return {
    outcome: judgeStatus(status, clientErrorsAreFinal),
    status,
    error: null,
    waitMs: parseRetryAfter(headers['retry-after'], nowMs),
    isOverloaded: overloadedStatuses.has(status),
  }
}

function judgeStatus(status: number, clientErrorsAreFinal: boolean): Attempt['outcome'] {
  if (status >= 200 && status < 300) return 'accepted'
  if (status === 410) return 'gone'
  const isClientError = status >= 400 && status < 500
  return isClientError && clientErrorsAreFinal && !retriedStatuses.has(status) ? 'refused' : 'again'
}

/** The words of the log: a status class and a phrase. */
export function describeAttempt({ status, error }: Pick<Attempt, 'status' | 'error'>): string {
  if (error !== null) return error
  if (status === null || (status >= 200 && status < 300)) return 'accepted'
  if (status >= 300 && status < 400) return 'answered 3xx: redirects are not followed'
  return `answered ${Math.floor(status / 100)}xx`
}
