import { parseRetryAfter } from './retry-after.ts'

/**
 * The result of one delivery attempt, the same for every kind of destination. It never holds text that the receiver
 * sent.
 */
export type Attempt = {
  /** `again`: a retry may succeed. `refused`: no retry will. `gone`: the receiver wants no further messages. */
  readonly outcome: 'accepted' | 'again' | 'refused' | 'gone'
  /** The HTTP status, where an answer had one. */
  readonly status: number | null
  /** Why the attempt failed, as a phrase of the destination's kind; null when the status says it, or on success. */
  readonly error: string | null
  /** How long the receiver asks us to wait, in milliseconds; 0 when it does not ask. */
  readonly waitMs: number
  /** True when the receiver is overloaded, so that its other messages wait as well. */
  readonly isOverloaded: boolean
}

const retriedStatuses: ReadonlySet<number> = new Set([408, 425, 429])
const overloadedStatuses: ReadonlySet<number> = new Set([429, 502, 504])

/** The result of an attempt that got no HTTP answer: no wait is requested, and no overload reported. */
export function toAttempt(outcome: Attempt['outcome'], error: string | null = null): Attempt {
  return { outcome, status: null, error, waitMs: 0, isOverloaded: false }
}

export type HttpAnswer = {
  readonly status: number
  readonly headers: { readonly 'retry-after'?: string | undefined }
}

/**
 * Turns an HTTP answer into the result of an attempt. A redirect is never followed, and counts as a failure that may be
 * retried. `clientErrorsAreFinal`: a 4xx status is not retried unless it asks for a retry.
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

/** The text for the delivery log: a status class and a phrase. */
export function describeAttempt({ status, error }: Pick<Attempt, 'status' | 'error'>): string {
  if (error !== null) return error
  if (status === null || (status >= 200 && status < 300)) return 'accepted'
  if (status >= 300 && status < 400) return 'answered 3xx: redirects are not followed'
  return `answered ${Math.floor(status / 100)}xx`
}
