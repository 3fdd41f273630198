import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { type Database, openDatabase } from '../db/index.ts'
import { Secret } from '../secrets/index.ts'

export type TestDatabase = {
  readonly db: Database
  readonly url: Secret
  /** Closes the pool and drops the database. */
  readonly drop: () => Promise<void>
}

/** A fresh copy of the migrated template that the test run prepared, or a database with nothing in it; one per test file. */
export async function testDatabase(holds: 'everything' | 'nothing' = 'everything'): Promise<TestDatabase> {
  const server = process.env['GATEHOUSE_TEST_DATABASE_URL']
  const template = process.env['GATEHOUSE_TEST_TEMPLATE']
  if (server === undefined || template === undefined)
    throw new Error('Run database tests through `npm test`: it starts PostgreSQL and prepares the template')
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(
    server,
    `CREATE DATABASE ${name}${holds === 'everything' ? ` TEMPLATE ${template} STRATEGY file_copy` : ''}`,
  )
  const url = new URL(server)
  url.pathname = `/${name}`
  const secret = new Secret(url.href)
  // On a busy machine fifty callers at once wait longer than anybody should in production.
  const db = openDatabase({ url: secret, connectMs: 60_000 })
  return {
    db,
    url: secret,
    drop: async () => {
      await db.end()
      await administer(server, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
