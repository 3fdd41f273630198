import { chmod, chown, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectOnce } from '@gatehouse/kernel/db'
import { Secret } from '@gatehouse/kernel/secrets'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startProgram } from './fixtures/start-program.ts'
import { canEnter, canRun, findPostgresAccount } from './postgres-account.ts'
import { findPostgresBinaries, programOf } from './postgres-binaries.ts'
import { shareBinaries } from './share-binaries.ts'

/** The account that every system has, for a server that is not root's. */
const nobody = { uid: 65_534, gid: 65_534 }

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'gatehouse-home-'))
})
afterEach(() => rm(home, { recursive: true }))

const uidOf = async (cluster: string): Promise<number> => (await stat(cluster)).uid
const canReachUs = process.getuid?.() === 0 && (await canEnter(nobody, import.meta.dirname))

describe.runIf(process.getuid?.() === 0)('under root', () => {
  it('PostgreSQL runs as another account, in the data folder when that can be entered', async () => {
    await chmod(home, 0o711)
    const server = await startProgram('run-database.ts', join(home, 'data'))
    expect(server.line).toMatch(/^postgres:/)
    expect(await uidOf(join(home, 'data', 'postgres'))).toBe((await findPostgresAccount())?.uid)
    expect(await server.finish()).toBe(0)
  })

  it('a home that others cannot enter keeps its mode, and finds its cluster elsewhere again', async () => {
    const data = join(home, 'data')
    const first = await startProgram('run-database.ts', data)
    await connectOnce(new Secret(first.line), (run) => run('CREATE TABLE kept AS SELECT 1 AS n'))
    await first.finish()
    const cluster = (await readFile(join(data, 'postgres.location'), 'utf8')).trim()
    const second = await startProgram('run-database.ts', data)
    const kept = await connectOnce(new Secret(second.line), (run) => run('SELECT n FROM kept'))
    await second.finish()

    expect(kept).toEqual([{ n: 1 }])
    expect(cluster).toMatch(/^\/var\/lib\/gatehouse\/[0-9a-f]{16}$/)
    expect((await stat(cluster)).mode & 0o777).toBe(0o700)
    expect((await stat(home)).mode & 0o777).toBe(0o700)
    expect(await readFile(`${cluster}.belongs-to`, 'utf8')).toBe(`${data}\n`)
    await rm(cluster, { recursive: true })
    await rm(`${cluster}.lock`)
    await rm(`${cluster}.belongs-to`)
  })

  it('programs that others cannot reach are copied once, whole, and again when the copy is damaged', async () => {
    await chmod(home, 0o711)
    const binaries = await findPostgresBinaries()
    const runs = (program: string): Promise<boolean> => canRun(nobody, program)
    const copies = await Promise.all([
      shareBinaries(binaries, home, runs),
      shareBinaries(binaries, home, runs),
    ])
    expect(new Set(copies)).toEqual(new Set([join(home, `postgresql-${binaries.version}`)]))
    const program = programOf({ ...binaries, root: copies[0] }, 'postgres')
    const { ino } = await stat(program)
    await shareBinaries(binaries, home, runs)
    expect((await stat(program)).ino).toBe(ino)

    await rm(join(copies[0], 'lib'), { recursive: true })
    expect(await runs(program)).toBe(false)
    await shareBinaries(binaries, home, runs)
    expect(await runs(program)).toBe(true)
  })
})

describe.runIf(canReachUs)('an ordinary user', () => {
  it('runs PostgreSQL under the same account, in the data folder', async () => {
    await chown(home, nobody.uid, nobody.gid)
    const server = await startProgram('run-database.ts', join(home, 'data'), { ...nobody, env: {}, cwd: '/' })
    expect(server.line).toMatch(/^postgres:/)
    expect(await uidOf(join(home, 'data', 'postgres'))).toBe(nobody.uid)
    expect(await server.finish()).toBe(0)
  })
})

describe('canEnter', () => {
  it('looks at every folder on the way, and behind symbolic links', async () => {
    const account = { uid: 4_294_000, gid: 4_294_000 }
    expect(await canEnter(account, home)).toBe(false)
    await chmod(home, 0o701)
    expect(await canEnter(account, home)).toBe(true)
    expect(await canEnter({ ...account, uid: (await stat(home)).uid }, home)).toBe(true)
    await chmod(home, 0o007)
    expect(await canEnter({ ...account, uid: (await stat(home)).uid }, home)).toBe(false)
  })
})
