import type { Attempt } from './attempt.ts'

/** How often and how soon something is sent again: data of whoever sends. */
export type RetryRules = {
  /** Seconds to wait before each attempt; as many as there are attempts. */
  readonly delaysSeconds: readonly number[]
  /** A delay is moved by up to this share of itself either way, so that receivers do not meet all retries at once. */
  readonly jitter: number
  /** A receiver that asks for a longer wait is tried after this one. */
  readonly retryAfterSecondsMax: number
}

export type AttemptVerdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly atMs: number; readonly slowUntilMs: number | null }
  | { readonly kind: 'given_up' }
  /** The receiver wants nothing more, ever. */
  | { readonly kind: 'gone' }

/** How long an overloaded receiver that names no time is left alone. */
export const slowMs = 5_000

/** What follows from one attempt. `attemptsMade` counts it; `chance` in [0, 1) spreads the next. */
export function judgeAttempt(
  attempt: Attempt,
  attemptsMade: number,
  nowMs: number,
  { delaysSeconds, jitter, retryAfterSecondsMax }: RetryRules,
  chance: number,
): AttemptVerdict {
  const { outcome, isOverloaded } = attempt
  if (outcome === 'accepted') return { kind: 'delivered' }
  if (outcome === 'gone') return { kind: 'gone' }
  const delaySeconds = outcome === 'refused' ? undefined : delaysSeconds[attemptsMade]
  if (delaySeconds === undefined) return { kind: 'given_up' }
  const askedMs = Math.min(attempt.waitMs, retryAfterSecondsMax * 1000)
  const delayMs = Math.round(Math.max(spread(delaySeconds * 1000, jitter, chance), askedMs))
  return {
    kind: 'retry',
    atMs: nowMs + delayMs,
    slowUntilMs: isOverloaded ? nowMs + Math.max(askedMs, slowMs) : null,
  }
}

function spread(ms: number, share: number, chance: number): number {
  return ms * (1 + share * (2 * chance - 1))
}
