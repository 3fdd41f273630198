export type Attempt =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterSeconds: number | null }
  /** No whole answer: refused, timed out, reset. */
  | { readonly kind: 'failed'; readonly code: string }

export type AttemptVerdict =
  | { readonly kind: 'sent' }
  | { readonly kind: 'retry'; readonly notBeforeMs: number }
  /** Never again; 410 also says that nobody wants to hear from us any more. */
  | { readonly kind: 'given_up'; readonly deactivate: boolean }

export type DeliveryRules = {
  /** Delay before each attempt, in seconds; as many as there are attempts. */
  readonly delaysSeconds: readonly number[]
  /** Share by which a delay is moved either way. */
  readonly jitter: number
  /** A receiver that asks for a longer wait than this is tried sooner all the same. */
  readonly retryAfterSecondsMax: number
}

const retriedStatuses = new Set([408, 425, 429])

/** What follows from one attempt of a delivery (6.1). `chance` in [0, 1) spreads the next one. */
export function judgeAttempt(
  attempt: Attempt,
  attemptsMade: number,
  nowMs: number,
  rules: DeliveryRules,
  chance: number,
): AttemptVerdict {
  if (attempt.kind === 'answered') {
    const { status } = attempt
    if (status >= 200 && status < 300) return { kind: 'sent' }
    if (status < 500 && !retriedStatuses.has(status)) return { kind: 'given_up', deactivate: status === 410 }
  }
  const delaySeconds = rules.delaysSeconds[attemptsMade]
  if (delaySeconds === undefined) return { kind: 'given_up', deactivate: false }
  const spreadMs = delaySeconds * 1000 * (1 + rules.jitter * (2 * chance - 1))
  const askedSeconds = attempt.kind === 'answered' ? (attempt.retryAfterSeconds ?? 0) : 0
  const askedMs = Math.min(askedSeconds, rules.retryAfterSecondsMax) * 1000
  return { kind: 'retry', notBeforeMs: nowMs + Math.round(Math.max(spreadMs, askedMs)) }
}

/** Seconds that a `Retry-After` asks for, as a number or an HTTP date; null when it says nothing. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | null {
  if (value === undefined) return null
  if (/^\d{1,9}$/.test(value.trim())) return Number(value)
  const atMs = Date.parse(value)
  return Number.isNaN(atMs) ? null : Math.max(0, Math.ceil((atMs - nowMs) / 1000))
}
