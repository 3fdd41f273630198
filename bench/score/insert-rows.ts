import { randomUUID } from 'node:crypto'
import type { Database } from '@gatehouse/kernel/db'

/** Makes a table like the one of interactions, without what stands around it, and gives what inserts rows one at a time. */
export async function openRowInserter(
  { pool }: Database,
  lanes: number,
): Promise<(seconds: number) => Promise<number>> {
  await pool.query('CREATE SCHEMA bench')
  await pool.query('CREATE TABLE bench.interaction (LIKE oversight.interaction INCLUDING ALL)')
  const { rows } = await pool.query<Record<string, unknown>>('SELECT * FROM oversight.interaction LIMIT 1')
  const [sample] = rows
  if (sample === undefined) throw new Error('There is no row to insert copies of')
  const columns = Object.keys(sample)
  const text = `INSERT INTO bench.interaction (${columns.join(', ')}) VALUES (${columns.map((_, at) => `$${at + 1}`).join(', ')})`
  return async (seconds) => {
    const startedMs = performance.now()
    const endsMs = startedMs + seconds * 1_000
    let inserted = 0
    const lane = async (): Promise<void> => {
      while (performance.now() < endsMs) {
        const row = { ...sample, id: randomUUID() }
        await pool.query({ name: 'bench-insert', text, values: Object.values(row) })
        inserted += 1
      }
    }
    await Promise.all(Array.from({ length: lanes }, lane))
    return inserted / ((performance.now() - startedMs) / 1_000)
  }
}
