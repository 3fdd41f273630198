/** `serialization_failure` and `deadlock_detected`: PostgreSQL ended one of two transactions that conflicted. */
const conflictStates: ReadonlySet<string> = new Set(['40001', '40P01'])
const triesMax = 5

/**
 * Whether PostgreSQL ended a transaction because it conflicted with another one, so that it can be retried unchanged.
 */
export function isConflict(error: unknown): boolean {
  return error instanceof Error && 'code' in error && conflictStates.has(String(error.code))
}

/** Runs work that is a whole transaction, up to five times as long as it ends in a conflict. */
export async function retryConflicts<T>(work: () => Promise<T>, isRetried = isConflict): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work()
    } catch (error) {
      if (!isRetried(error) || tried === triesMax) throw error
    }
  }
}
