import { asWriter, type Database } from '../db/index.ts'
import { pruneAuditBodies } from './store/body-store.ts'

const keptMs = 90 * 86_400_000
const rowsAtOnce = 5_000

/** Takes the bodies older than 90 days, a bounded transaction at a time (A4), and returns how many. */
export async function pruneOldBodies(
  deps: { readonly db: Database },
  nowMs: number,
  signal: AbortSignal,
): Promise<number> {
  let pruned = 0
  while (!signal.aborted) {
    const count = await asWriter(deps, (tx) => pruneAuditBodies(tx, nowMs - keptMs, rowsAtOnce))
    pruned += count
    if (count < rowsAtOnce) return pruned
  }
  return pruned
}
