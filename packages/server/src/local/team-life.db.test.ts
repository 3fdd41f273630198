import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLocalOwner } from './create-local-owner.ts'
import { eraseLocalTeam } from './erase-local-team.ts'
import { exportLocalTeam } from './export-local-team.ts'
import { makeInstance } from './fixtures/make-instance.ts'
import { type LocalInstance, withLocalInstance } from './local-instance.ts'

let database: TestDatabase
let folder: string

beforeAll(async () => {
  database = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-local-'))
  await makeInstance(join(folder, 'data'))
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

function locally<T>(work: (local: LocalInstance) => Promise<T>): Promise<T> {
  const env = { DATABASE_URL: database.url.reveal(), GATEHOUSE_DATA: join(folder, 'data') }
  return withLocalInstance({ env, folder, progress: () => undefined }, work)
}

async function found(name: string): Promise<string> {
  const request = { email: `${name}@example.com`, orgName: name, password: 'correct horse battery' }
  return (await locally((local) => createLocalOwner(local, request))).team.id
}

const exportTo = (file: string, org: string) => locally((local) => exportLocalTeam(local, { org, file }))
const erase = (org: string, confirm: string) => locally((local) => eraseLocalTeam(local, { org, confirm }))

it('an org is exported to a file that only its owner can read, and to none that is there already', async () => {
  const id = await found('acme')
  const file = join(folder, 'acme.tar.gz')
  const exported = await exportTo(file, 'acme')
  const { size, mode } = await stat(file)
  expect(exported).toEqual({ team: { id, name: 'acme' }, file, bytes: size })
  if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o600)
  const archive = gunzipSync(await readFile(file)).toString('utf8')
  for (const part of ['tables/gatehouse.org.ndjson', 'verify-audit.mjs', 'acme@example.com'])
    expect(archive).toContain(part)
  const precious = join(folder, 'precious.txt')
  await writeFile(precious, 'precious')
  await expect(exportTo(precious, 'acme')).rejects.toMatchObject({ code: 'EEXIST' })
  expect(await readFile(precious, 'utf8')).toBe('precious')
})

it('an org is erased only under its own id, given twice, and others stay', async () => {
  const [id, other] = [await found('gone'), await found('stays')]
  for (const confirm of ['gone', other])
    await expect(erase(id, confirm)).rejects.toThrow(`--confirm must be the id of gone, ${id}`)
  const { team, rows } = await erase('gone', id)
  expect(team).toEqual({ id, name: 'gone' })
  expect(rows).toBeGreaterThan(0)
  await expect(exportTo(join(folder, 'gone.tar.gz'), id)).rejects.toThrow('There is no organisation called')
  expect((await exportTo(join(folder, 'stays.tar.gz'), 'stays')).team.id).toBe(other)
})
