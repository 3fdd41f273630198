/** `serialization_failure` and `deadlock_detected`: of two transactions in each other's way PostgreSQL ended this one. */
const conflictStates: ReadonlySet<string> = new Set(['40001', '40P01'])
const triesMax = 5

/** Whether an error says that a transaction was ended for the sake of another, and may be tried again as it was. */
export function isConflict(error: unknown): boolean {
  return error instanceof Error && 'code' in error && conflictStates.has(String(error.code))
}

/** Carries out whole transactions, each again if it was ended for the sake of another. */
export async function retryConflicts<T>(work: () => Promise<T>, isRetried = isConflict): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work()
    } catch (error) {
      if (!isRetried(error) || tried === triesMax) throw error
    }
  }
}
