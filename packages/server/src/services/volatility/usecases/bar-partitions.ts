import { type Database, ensurePartitions } from '@gatehouse/kernel/db'
import { barPartitions } from '../schema.ts'

/** Creates the monthly partitions for these bars: the clock only creates recent ones. */
export async function ensureBarPartitions(
  db: Database,
  bars: readonly { readonly openMs: number }[],
): Promise<void> {
  const months = new Set(
    bars.map(({ openMs }) => {
      const at = new Date(openMs)
      return Date.UTC(at.getUTCFullYear(), at.getUTCMonth())
    }),
  )
  for (const month of months) await ensurePartitions(db, [{ ...barPartitions, ahead: 0 }], month)
}
