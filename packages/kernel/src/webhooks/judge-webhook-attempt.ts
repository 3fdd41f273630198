export type WebhookAttempt =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | undefined }
  /** No whole answer: the code of an egress error. */
  | { readonly kind: 'failed'; readonly code: string }

export type WebhookVerdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly atMs: number; readonly slowUntilMs: number | null }
  | { readonly kind: 'given_up' }
  /** 410: the receiver wants nothing more, ever. */
  | { readonly kind: 'gone' }

const minute = 60
const hour = 60 * minute

/** Seconds to wait before each attempt (W4): the first is at once. */
export const retryDelaysSeconds: readonly number[] = [
  0,
  5,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
]

/** A delay is moved by up to this share either way, so that receivers do not meet all retries at once. */
const jitter = 0.1
/** A receiver that asks for a longer wait is tried after this one. */
const retryAfterSecondsMax = 24 * hour
/** How long an overloaded receiver that names no time is left alone. */
const slowSeconds = 5
const overloaded: ReadonlySet<number> = new Set([429, 502, 504])

/** What follows from one attempt. `attemptsMade` counts it; `chance` in [0, 1) spreads the next. */
export function judgeWebhookAttempt(
  attempt: WebhookAttempt,
  attemptsMade: number,
  nowMs: number,
  chance: number,
): WebhookVerdict {
  if (attempt.kind === 'answered') {
    if (attempt.status >= 200 && attempt.status < 300) return { kind: 'delivered' }
    if (attempt.status === 410) return { kind: 'gone' }
  }
  const delaySeconds = retryDelaysSeconds[attemptsMade]
  if (delaySeconds === undefined) return { kind: 'given_up' }
  const spreadMs = delaySeconds * 1000 * (1 + jitter * (2 * chance - 1))
  const askedMs = attempt.kind === 'answered' ? toWaitMs(attempt.retryAfter, nowMs) : 0
  const slow = attempt.kind === 'answered' && overloaded.has(attempt.status)
  return {
    kind: 'retry',
    atMs: nowMs + Math.round(Math.max(spreadMs, askedMs)),
    slowUntilMs: slow ? nowMs + Math.max(askedMs, slowSeconds * 1000) : null,
  }
}

/** `Retry-After` as milliseconds from now, from seconds or an HTTP date; bounded, and 0 when it says nothing. */
function toWaitMs(retryAfter: string | undefined, nowMs: number): number {
  const text = retryAfter?.trim() ?? ''
  const askedMs = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : toDateMs(text) - nowMs
  return Number.isNaN(askedMs) ? 0 : Math.min(Math.max(askedMs, 0), retryAfterSecondsMax * 1000)
}

/** RFC 9110 §5.6.7; anything else that Date.parse would take is no HTTP date. */
function toDateMs(text: string): number {
  return /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)
    ? Date.parse(text)
    : NaN
}
