import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectOnce, openDatabase } from '@gatehouse/kernel/db'
import { Secret } from '@gatehouse/kernel/secrets'
import { startEmbeddedPostgres } from '../src/embedded/postgres.ts'
import { prepareSchema } from '../src/schema.ts'

const template = 'gatehouse_template'

/** One PostgreSQL for the whole run, with a migrated database that each test file copies for itself. */
export default async function setUp(): Promise<() => Promise<void>> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'gatehouse-test-'))
  const secretsFolder = join(dataFolder, 'secrets')
  // PostgreSQL may run as another account, which must be able to pass through.
  await chmod(dataFolder, 0o711)
  await mkdir(secretsFolder)
  const postgres = await startEmbeddedPostgres({
    dataFolder,
    secretsFolder,
    durability: 'none',
    onEvent: () => undefined,
  })
  const server = postgres.databaseUrl.reveal()
  await connectOnce(postgres.databaseUrl, (run) => run(`CREATE DATABASE ${template}`))
  const url = new URL(server)
  url.pathname = `/${template}`
  const db = openDatabase({ url: new Secret(url.href), connectionsMax: 2 })
  await prepareSchema(db, Date.now())
  await db.end()
  process.env['GATEHOUSE_TEST_DATABASE_URL'] = server
  process.env['GATEHOUSE_TEST_TEMPLATE'] = template
  return async () => {
    await postgres.stop()
    await rm(dataFolder, { recursive: true, force: true })
  }
}
