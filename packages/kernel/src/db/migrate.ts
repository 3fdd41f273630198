import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PoolClient } from 'pg'
import { type Database, runTransaction } from './database.ts'
import { advisoryLocks } from './advisory-locks.ts'

/** The plain `.sql` files of one module, applied in the order of their names and never changed afterwards. */
export type MigrationSet = { readonly module: string; readonly folder: URL }

type Migration = {
  readonly module: string
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

/**
 * Brings the schema up to date, one transaction per file, under a lock that other nodes wait for.
 * Throws when an applied file has changed or the database is ahead of this version.
 */
export async function migrate(db: Database, sets: readonly MigrationSet[]): Promise<readonly string[]> {
  const migrations = (await Promise.all(sets.map(readSet))).flat()
  const client = await db.pool.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLocks.migration])
    await client.query(`CREATE SCHEMA IF NOT EXISTS gatehouse`)
    await client.query(
      `CREATE TABLE IF NOT EXISTS gatehouse.migration (
         module text, name text, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(),
         PRIMARY KEY (module, name))`,
    )
    const applied = await listApplied(client)
    assertKnown(applied, migrations)
    const pending = migrations.filter(({ module, name }) => !applied.has(`${module}/${name}`))
    for (const migration of pending) await apply(db, migration)
    return pending.map(({ module, name }) => `${module}/${name}`)
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [advisoryLocks.migration])
    client.release()
  }
}

/**
 * Throws when the database was migrated by a newer version, or an applied file has changed. Every program that works on
 * a database calls it before it changes anything there.
 */
export async function assertNotNewer(db: Database, sets: readonly MigrationSet[]): Promise<void> {
  const migrations = (await Promise.all(sets.map(readSet))).flat()
  const client = await db.pool.connect()
  try {
    const { rows } = await client.query<{ found: boolean }>(
      `SELECT to_regclass('gatehouse.migration') IS NOT NULL AS found`,
    )
    if (rows[0]?.found === true) assertKnown(await listApplied(client), migrations)
  } finally {
    client.release()
  }
}

/** True when every migration of this version has been applied: one part of `/readyz`. */
export async function isMigrated(db: Database, sets: readonly MigrationSet[]): Promise<boolean> {
  const migrations = (await Promise.all(sets.map(readSet))).flat()
  const client = await db.pool.connect()
  try {
    const applied = await listApplied(client)
    return migrations.every(({ module, name }) => applied.has(`${module}/${name}`))
  } finally {
    client.release()
  }
}

async function readSet({ module, folder }: MigrationSet): Promise<Migration[]> {
  const path = fileURLToPath(folder)
  const names = (await readdir(path)).filter((name) => name.endsWith('.sql')).toSorted()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(path, name), 'utf8')
      return { module, name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

async function listApplied(client: PoolClient): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ module: string; name: string; checksum: string }>(
    'SELECT module, name, checksum FROM gatehouse.migration ORDER BY module, name',
  )
  return new Map(rows.map(({ module, name, checksum }) => [`${module}/${name}`, checksum]))
}

function assertKnown(applied: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [`${migration.module}/${migration.name}`, migration]))
  for (const [id, checksum] of applied) {
    const migration = known.get(id)
    if (migration === undefined)
      throw new Error(
        `The database is newer than this version of Gatehouse: it knows the migration ${id}. ` +
          'Start the version that made it, or a later one',
      )
    if (migration.checksum !== checksum)
      throw new Error(`The migration ${id} was changed after it was applied`)
  }
}

async function apply(db: Database, { module, name, sql, checksum }: Migration): Promise<void> {
  await runTransaction(db, 'BEGIN; SET LOCAL statement_timeout = 0', async (client) => {
    try {
      await client.query(sql)
    } catch (error) {
      throw new Error(`The migration ${module}/${name} failed: ${String(error)}`, { cause: error })
    }
    await client.query('INSERT INTO gatehouse.migration (module, name, checksum) VALUES ($1, $2, $3)', [
      module,
      name,
      checksum,
    ])
  })
}
