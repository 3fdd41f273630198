import { type Database, ensurePartitions } from '@gatehouse/kernel/db'
import { barPartitions } from '../schema.ts'

/** Makes the months that these bars lie in: those before the last one are not made by the clock. */
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
