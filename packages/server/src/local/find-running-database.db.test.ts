import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startEmbeddedPostgres } from '../embedded/postgres.ts'
import { findRunningDatabase } from './find-running-database.ts'

it('the database of a running server is found, and none once it has stopped', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'gatehouse-found-'))
  // PostgreSQL may run as another account, which must be able to pass through.
  await chmod(dataFolder, 0o711)
  const secretsFolder = join(dataFolder, 'secrets')
  await mkdir(secretsFolder, { mode: 0o700 })
  expect(await findRunningDatabase(dataFolder)).toBeUndefined()
  const postgres = await startEmbeddedPostgres({
    dataFolder,
    secretsFolder,
    durability: 'none',
    onEvent: () => undefined,
  })
  try {
    expect((await findRunningDatabase(dataFolder))?.reveal()).toBe(postgres.databaseUrl.reveal())
  } finally {
    await postgres.stop()
  }
  expect(await findRunningDatabase(dataFolder)).toBeUndefined()
  await rm(dataFolder, { recursive: true })
})
