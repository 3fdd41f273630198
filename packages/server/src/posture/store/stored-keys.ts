import { type GateTx, query } from '@gatehouse/kernel/db'
import { sql } from 'kysely'

export type StoredKeyShape = {
  readonly prefix: string
  readonly digest: Buffer
  readonly pepperVersion: number
  /** The whole row, as text. */
  readonly row: string
}

/** The stored form of a key, by its id. */
export async function findStoredKey(tx: GateTx, id: string): Promise<StoredKeyShape | undefined> {
  const { rows } = await sql<StoredKeyShape>`
    SELECT prefix, digest, pepper_version AS "pepperVersion", k::text AS row
      FROM gatehouse.api_key k WHERE id = ${id}`.execute(query(tx))
  return rows[0]
}
