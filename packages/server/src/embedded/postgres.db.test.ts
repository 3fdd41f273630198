import { once } from 'node:events'
import { chmod, cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectOnce, type RunStatement } from '@gatehouse/kernel/db'
import { Secret } from '@gatehouse/kernel/secrets'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDataFolder, type DataFolder } from './data-folder.ts'
import { startProgram } from './fixtures/start-program.ts'
import { initialiseCluster } from './initialise-cluster.ts'
import { placeCluster } from './place-cluster.ts'
import { findPostgresBinaries } from './postgres-binaries.ts'
import { type EmbeddedPostgres, type PostgresEvent, startEmbeddedPostgres } from './postgres.ts'
import { openPostgresLog } from './postgres-log.ts'
import { isProcessAlive } from './process-identity.ts'
import { PortTakenError, startPostgres } from './postgres-process.ts'

let parent: string
let path: string
let events: PostgresEvent[]
let told: (() => void) | undefined
let folder: DataFolder

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'gatehouse-postgres-'))
  // Under root, PostgreSQL runs as another account, which must be able to pass through.
  await chmod(parent, 0o711)
  path = join(parent, 'data')
  events = []
  folder = await openDataFolder(path)
})
afterEach(async () => {
  await folder.release()
  await rm(parent, { recursive: true, force: true })
})

const onEvent = (event: PostgresEvent): void => {
  events.push(event)
  told?.()
}

async function untilEvent(kind: PostgresEvent['kind']): Promise<void> {
  while (!events.some((event) => event.kind === kind))
    await new Promise<void>((resolve) => {
      told = resolve
    })
}

const start = (durability: 'full' | 'none' = 'none'): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({ dataFolder: path, secretsFolder: folder.secrets, durability, onEvent })

const query = (url: Secret, statement: string): ReturnType<RunStatement> =>
  connectOnce(url, (run) => run(statement))

async function postmasterPid(cluster = join(path, 'postgres')): Promise<number> {
  return Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n', 1)[0])
}

describe('a first start', () => {
  it('gives a login role that owns its database and is no superuser', async () => {
    const postgres = await start('full')
    const [role] = await query(
      postgres.databaseUrl,
      `SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolcanlogin,
        (SELECT datdba = pg_roles.oid FROM pg_database WHERE datname = current_database()) AS owns
       FROM pg_roles WHERE rolname = current_user`,
    )
    await postgres.stop()
    expect(events).toEqual([{ kind: 'initialised' }])
    expect(role).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolcreatedb: false,
      rolcreaterole: true,
      rolcanlogin: true,
      owns: true,
    })
  })

  it('lets that role make group roles and act as them', async () => {
    const postgres = await start()
    const user = await connectOnce(postgres.databaseUrl, async (run) => {
      for (const name of ['gatehouse_app', 'gatehouse_gate', 'gatehouse_writer']) {
        await run(`CREATE ROLE ${name} NOLOGIN`)
        await run(`SET ROLE ${name}`)
        await run('RESET ROLE')
      }
      await run('SET ROLE gatehouse_app')
      return run('SELECT current_user')
    })
    await postgres.stop()
    expect(user).toEqual([{ current_user: 'gatehouse_app' }])
  })

  it('does not give the superuser the password of the login role', async () => {
    const postgres = await start()
    const url = new Secret(postgres.databaseUrl.reveal().replace('//gatehouse:', '//postgres:'))
    await expect(query(url, 'SELECT 1')).rejects.toThrow('password authentication failed')
    await postgres.stop()
  })

  it('writes durably, checks pages, sorts by code point and listens on the loopback alone', async () => {
    const postgres = await start('full')
    const settings = await query(
      postgres.databaseUrl,
      `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes',
        'data_checksums', 'server_encoding', 'listen_addresses', 'jit')`,
    )
    const [text] = await query(postgres.databaseUrl, `SELECT 'Z' < 'a' AS by_code_point, lower('É') AS lower`)
    await postgres.stop()
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      data_checksums: 'on',
      server_encoding: 'UTF8',
      listen_addresses: '127.0.0.1',
      jit: 'off',
    })
    expect(text).toEqual({ by_code_point: true, lower: 'é' })
  })
})

describe('what was written', () => {
  it('is there after a stop and another start', async () => {
    const first = await start()
    await query(first.databaseUrl, 'CREATE TABLE kept AS SELECT 1 AS n')
    await first.stop()
    const second = await start()
    expect(await query(second.databaseUrl, 'SELECT n FROM kept')).toEqual([{ n: 1 }])
    await second.stop()
  })

  it('survives kill -9 of the server, whose PostgreSQL is stopped before the next one starts', async () => {
    await folder.release()
    const server = await startProgram('run-database.ts', path)
    await query(new Secret(server.line), 'CREATE TABLE kept AS SELECT 1 AS n')
    const orphan = await postmasterPid()
    await server.kill()
    expect(isProcessAlive(orphan)).toBe(true)

    folder = await openDataFolder(path)
    const postgres = await start('full')
    expect(events).toEqual([{ kind: 'orphan_stopped', pid: orphan }])
    expect(isProcessAlive(orphan)).toBe(false)
    expect(await query(postgres.databaseUrl, 'SELECT n FROM kept')).toEqual([{ n: 1 }])
    await postgres.stop()
  })

  it('survives kill -9 of the server and of PostgreSQL', async () => {
    await folder.release()
    const server = await startProgram('run-database.ts', path)
    await query(new Secret(server.line), 'CREATE TABLE kept AS SELECT 1 AS n')
    const postmaster = await postmasterPid()
    await server.kill()
    process.kill(postmaster, 'SIGKILL')

    folder = await openDataFolder(path)
    const postgres = await start('full')
    expect(await query(postgres.databaseUrl, 'SELECT n FROM kept')).toEqual([{ n: 1 }])
    await postgres.stop()
  })
})

describe('while it runs', () => {
  it('PostgreSQL comes back on the same port after kill -9, with what was written', async () => {
    const postgres = await start('full')
    await query(postgres.databaseUrl, 'CREATE TABLE kept AS SELECT 1 AS n')
    process.kill(await postmasterPid(), 'SIGKILL')
    await untilEvent('restarted')
    expect(await query(postgres.databaseUrl, 'SELECT n FROM kept')).toEqual([{ n: 1 }])
    expect(events.map(({ kind }) => kind)).toEqual(['initialised', 'died', 'restarted'])
    await postgres.stop()
  })

  it('a stop during a restart leaves nothing running', async () => {
    const postgres = await start()
    const pid = await postmasterPid()
    process.kill(pid, 'SIGKILL')
    await untilEvent('died')
    await postgres.stop()
    expect(isProcessAlive(pid)).toBe(false)
    // The lock is free and no process blocks the start, so another start works immediately.
    const next = await start()
    expect(events.map(({ kind }) => kind)).not.toContain('orphan_stopped')
    await next.stop()
  })

  it('nobody else can run the cluster, not even through a copy of the data folder that points to it', async () => {
    const postgres = await start()
    await expect(start()).rejects.toThrow('Another server already runs the PostgreSQL cluster')
    const copy = await openDataFolder(join(parent, 'copy'))
    await cp(folder.secrets, copy.secrets, { recursive: true })
    await writeFile(join(copy.path, 'postgres.location'), `${join(path, 'postgres')}\n`, { mode: 0o600 })
    await expect(
      startEmbeddedPostgres({
        dataFolder: copy.path,
        secretsFolder: copy.secrets,
        durability: 'none',
        onEvent,
      }),
    ).rejects.toThrow('Another server already runs the PostgreSQL cluster')
    expect(await query(postgres.databaseUrl, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
    await copy.release()
    await postgres.stop()
  })

  it.runIf(process.platform === 'linux')('PostgreSQL sees nothing of our environment', async () => {
    await folder.release()
    const env = { ...process.env, GATEHOUSE_MASTER_KEY: 'canary', PGOPTIONS: '-c work_mem=64kB' }
    const server = await startProgram('run-database.ts', path, { env })
    const seen = await readFile(`/proc/${await postmasterPid()}/environ`, 'utf8')
    expect(await server.finish()).toBe(0)
    expect(seen).toContain('LC_ALL=C')
    expect(seen).not.toMatch(/canary|PGOPTIONS/)
    folder = await openDataFolder(path)
  })
})

describe('a start that meets trouble', () => {
  it('does not mistake a program that got the number of the old PostgreSQL for it', async () => {
    await (await start()).stop()
    const cluster = join(path, 'postgres')
    await writeFile(
      join(cluster, 'postmaster.pid'),
      `${process.pid}\n${cluster}\n0\n5432\n\n127.0.0.1\n0 0\nready\n`,
    )
    const postgres = await start()
    expect(events.map(({ kind }) => kind)).toEqual(['initialised'])
    await postgres.stop()
  })

  it('begins again where a crash cut the making of the cluster short', async () => {
    const unfinished = join(path, 'postgres.unfinished')
    await cp(folder.secrets, join(unfinished, 'base'), { recursive: true })
    await (await start()).stop()
    await expect(stat(unfinished)).rejects.toThrow('ENOENT')
  })

  it('tells a taken port from other trouble', async () => {
    const cluster = await placeCluster(path, await findPostgresBinaries())
    await initialiseCluster(cluster, new Secret('secret'), 'none')
    const log = openPostgresLog(join(path, 'postgres.log'))
    const rival = createServer().listen(0, '127.0.0.1')
    await once(rival, 'listening')
    const address = rival.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    await expect(startPostgres(cluster, port, 'none', log)).rejects.toThrow(PortTakenError)
    await rm(join(cluster.folder, 'global'), { recursive: true })
    rival.close()
    await once(rival, 'close')
    const trouble = startPostgres(cluster, port, 'none', log)
    await expect(trouble).rejects.toThrow(/^PostgreSQL did not start: .*Its log is .*postgres\.log$/)
    await expect(trouble).rejects.not.toThrow(PortTakenError)
  })

  it('says which password is missing rather than making one that does not fit', async () => {
    await (await start()).stop()
    await rm(join(folder.secrets, 'database-superuser-password'))
    await expect(start()).rejects.toThrow(/database-superuser-password is missing/)
  })

  it('gives the login role a new password when its file is gone', async () => {
    await (await start()).stop()
    await rm(join(folder.secrets, 'database-password'))
    const postgres = await start()
    expect(await query(postgres.databaseUrl, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
    await postgres.stop()
  })
})
