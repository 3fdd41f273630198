import { asWriter, type Database } from '../db/index.ts'
import { isCutRow, type RetentionRow } from './retention-row.ts'
import { listLastRuns, type RetentionRun } from './store/run-store.ts'

/** The last run of each kind of data, in the order of the rows; a kind that was never removed is missing. */
export function listRetentionEvidence(
  deps: { readonly db: Database },
  rows: readonly RetentionRow[],
): Promise<readonly RetentionRun[]> {
  const kinds = rows.filter(isCutRow).map(({ what }) => what)
  return asWriter(deps, (tx) => listLastRuns(tx, kinds))
}
