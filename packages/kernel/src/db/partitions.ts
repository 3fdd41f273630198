import type { Database } from './database.ts'

export type PartitionedTable = {
  /** `schema.table`, partitioned by range of one timestamptz column. */
  readonly table: string
  readonly every: 'day' | 'month'
  /** How many whole periods after the current one are made ahead. */
  readonly ahead: number
}

/**
 * Creates the partitions for the current period and for `ahead` periods after it. Safe to run from several nodes at
 * once.
 */
export async function ensurePartitions(
  db: Database,
  tables: readonly PartitionedTable[],
  nowMs: number,
): Promise<void> {
  for (const { table, every, ahead } of tables) {
    for (let step = -1; step <= ahead; step += 1) {
      const from = periodStart(nowMs, every, step)
      const to = periodStart(nowMs, every, step + 1)
      const name = `${table}_${from.slice(0, every === 'day' ? 10 : 7).replaceAll('-', '_')}`
      await db.pool
        .query(
          `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF ${table} FOR VALUES FROM ('${from}') TO ('${to}')`,
        )
        .catch(ignoreTwin)
    }
  }
}

/** Start of the UTC day or month `step` periods after the one that holds `nowMs`, as ISO text. */
export function periodStart(nowMs: number, every: 'day' | 'month', step: number): string {
  const now = new Date(nowMs)
  const start =
    every === 'day'
      ? Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + step)
      : Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + step, 1)
  return new Date(start).toISOString()
}

function ignoreTwin(error: unknown): void {
  // Another node made the same partition at the same moment: 42P07 duplicate_table, 23505 unique_violation.
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== '42P07' && code !== '23505') throw error
}
