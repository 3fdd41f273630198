import type { Database } from '../../db/index.ts'

export type Partition = { readonly name: string; readonly fromMs: number; readonly toMs: number }

/** All queries queue behind a DROP that waits for its lock, so a partition in use is left for the next run. */
const lockWaitMs = 2_000

/** The partitions of a table, oldest first. */
export async function listPartitions(db: Database, table: string): Promise<Partition[]> {
  const { rows } = await db.pool.query<{ name: string; from_at: Date; to_at: Date }>(
    `SELECT part.oid::regclass::text AS name, bound.at[1]::timestamptz AS from_at, bound.at[2]::timestamptz AS to_at
       FROM pg_inherits AS child
       JOIN pg_class AS part ON part.oid = child.inhrelid
      CROSS JOIN regexp_match(pg_get_expr(part.relpartbound, part.oid), 'FROM \\(''(.+)''\\) TO \\(''(.+)''\\)') AS bound (at)
      WHERE child.inhparent = $1::regclass ORDER BY from_at`,
    [table],
  )
  return rows.map((row) => ({ name: row.name, fromMs: row.from_at.getTime(), toMs: row.to_at.getTime() }))
}

/** Drops a partition that `listPartitions` returned; requires the owner of the tables. */
export async function dropPartition(db: Database, { name }: Partition): Promise<void> {
  const client = await db.pool.connect()
  let broken: Error | undefined
  try {
    await client.query(`BEGIN; SET LOCAL lock_timeout = ${lockWaitMs}`)
    await client.query(`DROP TABLE IF EXISTS ${name}`)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => (broken = failure))
    throw error
  } finally {
    client.release(broken)
  }
}
