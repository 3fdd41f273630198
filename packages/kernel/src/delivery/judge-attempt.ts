import type { Attempt } from './attempt.ts'

/** The retry policy of a queue. */
export type RetryRules = {
  /** The delay before each attempt, in seconds. There are as many attempts as delays. */
  readonly delaysSeconds: readonly number[]
  /**
   * A delay is randomly moved by up to this share of itself either way, so that receivers do not get all retries at the
   * same time.
   */
  readonly jitter: number
  /** The longest wait, in seconds, that a receiver can ask for; if it asks for more, it is tried after this time. */
  readonly retryAfterSecondsMax: number
}

export type AttemptVerdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly atMs: number; readonly slowUntilMs: number | null }
  | { readonly kind: 'given_up' }
  /** The receiver wants no further messages. */
  | { readonly kind: 'gone' }

/** How long to wait for an overloaded receiver that names no time. */
export const slowMs = 5_000

/**
 * Decides what follows an attempt. `attemptsMade` includes it; `chance` in [0, 1) sets the jitter of the next delay.
 */
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
