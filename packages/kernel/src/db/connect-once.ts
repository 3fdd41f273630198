import { Client } from 'pg'
import type { Secret } from '../secrets/index.ts'

export type RunStatement = (statement: string) => Promise<readonly Record<string, unknown>[]>

/** Opens one connection outside any pool, for administration, and closes it after `work`. */
export async function connectOnce<T>(url: Secret, work: (run: RunStatement) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url.reveal(), connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(async (statement) => (await client.query<Record<string, unknown>>(statement)).rows)
  } finally {
    await client.end()
  }
}
