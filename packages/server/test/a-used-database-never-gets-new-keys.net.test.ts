import { randomBytes } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@gatehouse/kernel/log'
import { testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compose } from '../src/compose.ts'
import { readServerConfig } from '../src/config.ts'
import { keyFiles, type KeyName } from '../src/embedded/first-run.ts'
import { retireSecret, rotateSecret, withLocalInstance, type LocalInstance } from '../src/local/index.ts'

// Safe: the names are those of this very object.
const names = Object.keys(keyFiles) as KeyName[]

let database: TestDatabase
let folder: string
let secrets: string

beforeEach(async () => {
  database = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-keys-'))
  secrets = join(folder, 'data', 'secrets')
  const refusal = await refusalOf()
  if (refusal !== undefined) throw new Error(refusal)
})
afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

type Env = Readonly<Record<string, string | undefined>>

const toEnv = (more: Env = {}): Env => ({
  GATEHOUSE_DATA: join(folder, 'data'),
  GATEHOUSE_FEEDS: 'off',
  GATEHOUSE_PROBES: 'off',
  GATEHOUSE_PORT: '0',
  DATABASE_URL: database.url.reveal(),
  ...more,
})

/** What a start says that is refused; undefined when the server starts. It is stopped again. */
async function refusalOf(more: Env = {}): Promise<string | undefined> {
  const env = toEnv(more)
  try {
    const config = readServerConfig(env, folder)
    const server = await compose({ config, log: createLogger('silent'), env })
    await server.stop()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const fileOf = (name: KeyName): string => join(secrets, keyFiles[name].file)
const newKey = (version = 1): string => `${version}:${randomBytes(32).toString('base64')}\n`
const everything = async (): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true })).toSorted()

function locally<T>(work: (local: LocalInstance) => Promise<T>): Promise<T> {
  return withLocalInstance({ env: toEnv(), folder, progress: () => undefined }, work)
}

describe.each(names)('a-used-database-never-gets-new-keys: %s', (name) => {
  it('that is missing is not made anew, by no start and no command; restored, it is taken', async () => {
    const aside = join(folder, 'aside')
    await rename(fileOf(name), aside)
    const before = await everything()
    expect(await refusalOf()).toContain(`${fileOf(name)} is missing`)
    expect(await refusalOf()).toContain(`or in ${keyFiles[name].variable}; to begin anew`)
    await expect(locally(async () => undefined)).rejects.toThrow(`${fileOf(name)} is missing`)
    expect(await everything()).toEqual(before)
    await rename(aside, fileOf(name))
    expect(await refusalOf()).toBeUndefined()
  })

  it('that is another one is refused, from its file and from the environment', async () => {
    const own = await readFile(fileOf(name), 'utf8')
    const variable = keyFiles[name].variable
    expect(await refusalOf({ [variable]: newKey() })).toContain(`${variable} holds another version 1`)
    expect(await refusalOf({ [variable]: newKey(2) })).toContain(`${variable} lacks version 1`)
    expect(await refusalOf({ [variable]: own })).toBeUndefined()
    await writeFile(fileOf(name), newKey())
    expect(await refusalOf()).toContain(`${fileOf(name)} holds another version 1`)
  })

  it('is rotated, and its file of before the rotation is refused from then on', async () => {
    const before = await readFile(fileOf(name), 'utf8')
    expect(await locally((local) => rotateSecret(local, toEnv(), name))).toMatchObject({ current: 2 })
    const after = await readFile(fileOf(name), 'utf8')
    await writeFile(fileOf(name), before)
    expect(await refusalOf()).toContain(`${fileOf(name)} lacks version 2`)
    await writeFile(fileOf(name), after)
    expect(await refusalOf()).toBeUndefined()
  })

  it('that was used before the database knew it by a check is known from the next start on', async () => {
    await database.db.pool.query('DELETE FROM gatehouse.key_check')
    const aside = join(folder, 'aside')
    await rename(fileOf(name), aside)
    expect(await refusalOf()).toContain(`${fileOf(name)} is missing`)
    await rename(aside, fileOf(name))
    expect(await refusalOf()).toBeUndefined()
    const { rows } = await database.db.pool.query<{ name: string }>(
      'SELECT name FROM gatehouse.key_check ORDER BY name',
    )
    expect(rows.map((row) => row.name)).toEqual(names.toSorted())
  })
})

describe('a-used-database-never-gets-new-keys', () => {
  it('in a new folder a start is refused with all that is missing, and the folder is gone again', async () => {
    const elsewhere = join(folder, 'elsewhere')
    const refusal = await refusalOf({ GATEHOUSE_DATA: elsewhere })
    for (const name of names)
      expect(refusal).toContain(`${join(elsewhere, 'secrets', keyFiles[name].file)} is missing`)
    expect(await everything()).not.toContain('elsewhere')
  })

  it('a second node with keys of its own is refused', async () => {
    const other = join(folder, 'other')
    await mkdir(join(other, 'secrets'), { recursive: true, mode: 0o700 })
    for (const name of names)
      await writeFile(join(other, 'secrets', keyFiles[name].file), newKey(), { mode: 0o600 })
    expect(await refusalOf({ GATEHOUSE_DATA: other })).toContain('holds another version 1')
    await cp(secrets, join(other, 'secrets'), { recursive: true })
    expect(await refusalOf({ GATEHOUSE_DATA: other })).toBeUndefined()
  })

  it('a version that was retired may be missing, in the file and in the environment', async () => {
    await locally((local) => rotateSecret(local, toEnv(), 'pepper'))
    const both = await readFile(fileOf('pepper'), 'utf8')
    const env = toEnv({ GATEHOUSE_PEPPER: both })
    const retire = (local: LocalInstance) => retireSecret(local, env, 'pepper', 1)
    expect(await withLocalInstance({ env, folder, progress: () => undefined }, retire)).toBe('environment')
    const [, second = ''] = both.split('\n')
    expect(await refusalOf({ GATEHOUSE_PEPPER: second })).toBeUndefined()
    expect(await refusalOf({ GATEHOUSE_PEPPER: both })).toBeUndefined()
  })

  it('and shows nothing of them: what it holds is neither a key nor its plain hash', async () => {
    const { rows } = await database.db.pool.query<{ value: string }>('SELECT value FROM gatehouse.key_check')
    expect(rows).toHaveLength(names.length)
    for (const { value } of rows) expect(value).toMatch(/^[0-9a-f]{32}$/)
    expect(new Set(rows.map(({ value }) => value)).size).toBe(names.length)
  })
})
