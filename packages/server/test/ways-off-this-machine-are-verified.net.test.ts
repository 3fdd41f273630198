import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { connectOnce, listenForInvalidations, openDatabase } from '@gatehouse/kernel/db'
import { createValkeyStore } from '@gatehouse/kernel/limits'
import { Secret } from '@gatehouse/kernel/secrets'
import { isValkeyMissing } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { readServerConfig } from '../src/config.ts'
import { openDataFolder } from '../src/embedded/data-folder.ts'
import { startEmbeddedPostgres } from '../src/embedded/postgres.ts'
import { makeCertificate } from './fixtures/certificate.ts'

let folder: string
const stops: (() => Promise<void>)[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-tls-'))
  // PostgreSQL may run as another account, which must be able to pass through.
  await chmod(folder, 0o711)
})
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop()
  await rm(folder, { recursive: true, force: true })
})

describe('ways-off-this-machine-are-verified', () => {
  it.each<[variable: string, url: string, cure: string]>([
    ['DATABASE_URL', 'postgres://u:canary@db.example.com/d', 'sslmode=verify-full'],
    ['DATABASE_URL', 'postgres://u:canary@db.example.com/d?sslmode=require', 'sslmode=verify-full'],
    ['DATABASE_URL', 'postgres://u:canary@db.example.com/d?sslmode=no-verify', 'sslmode=verify-full'],
    ['VALKEY_URL', 'redis://:canary@valkey.example.com', 'rediss://'],
  ])(
    '%s: a start with %s is refused, with what to do, unless the operator says so',
    (variable, url, cure) => {
      const read = (more: Readonly<Record<string, string>> = {}) =>
        readServerConfig({ [variable]: url, ...more }, '/')
      expect(() => read()).toThrow(cure)
      expect(() => read()).not.toThrow('canary')
      const [allowed, other] = variable === 'DATABASE_URL' ? ['database', 'valkey'] : ['valkey', 'database']
      expect(() => read({ GATEHOUSE_ALLOW_PLAIN: other })).toThrow(`set GATEHOUSE_ALLOW_PLAIN=${allowed}`)
      expect(read({ GATEHOUSE_ALLOW_PLAIN: allowed })).toMatchObject({ plainTransports: [allowed] })
    },
  )

  it('PostgreSQL is believed by its certificate alone, in the pool and in the channel', async () => {
    const data = await openDataFolder(join(folder, 'data'))
    stops.push(data.release)
    const postgres = await startEmbeddedPostgres({
      dataFolder: data.path,
      secretsFolder: data.secrets,
      durability: 'none',
      onEvent: () => undefined,
    })
    stops.push(postgres.stop)
    const superuser = new URL(postgres.databaseUrl.reveal())
    superuser.username = 'postgres'
    superuser.pathname = '/postgres'
    superuser.password = (await readFile(join(data.secrets, 'database-superuser-password'), 'utf8')).trim()
    const own = makeCertificate('localhost')
    const other = makeCertificate('localhost')
    await connectOnce(new Secret(superuser.href), async (run) => {
      const [row] = await run('SHOW data_directory')
      const cluster = String(row?.['data_directory'])
      const { uid, gid } = await stat(join(cluster, 'PG_VERSION'))
      for (const [name, text] of [
        ['server.crt', own.cert],
        ['server.key', own.key],
      ] as const) {
        await writeFile(join(cluster, name), text, { mode: 0o600 })
        await chown(join(cluster, name), uid, gid)
      }
      await run('ALTER SYSTEM SET ssl = on')
      await run('SELECT pg_reload_conf()')
    })
    const toUrl = async (host: string, trusted: string): Promise<Secret> => {
      const authority = join(folder, `authority-${trusted.length}-${host}-${trusted === own.cert}.pem`)
      await writeFile(authority, trusted)
      const url = new URL(postgres.databaseUrl.reveal())
      url.hostname = host
      url.searchParams.set('sslmode', 'verify-full')
      url.searchParams.set('sslrootcert', authority)
      return new Secret(url.href)
    }
    const url = await toUrl('localhost', own.cert)
    const isEncrypted = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'
    // The settings take effect in a moment.
    await expect
      .poll(() => connectOnce(url, (run) => run(isEncrypted)).catch(() => []))
      .toEqual([{ ssl: true }])
    const db = openDatabase({ url, connectionsMax: 1 })
    onTestFinished(db.end)
    expect((await db.pool.query(isEncrypted)).rows).toEqual([{ ssl: true }])
    const channel = await listenForInvalidations(url)
    onTestFinished(channel.stop)
    expect(await channel.ask(isEncrypted)).toEqual([{ ssl: true }])
    const refused = async (host: string, trusted: string): Promise<string> =>
      connectOnce(await toUrl(host, trusted), (run) => run('SELECT 1')).then(
        () => 'connected',
        (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
      )
    expect(await refused('localhost', other.cert)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
    expect(await refused('127.0.0.1', own.cert)).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  it.skipIf(isValkeyMissing)(
    'Valkey is not believed under a certificate that nobody vouches for',
    async () => {
      const { cert, key } = makeCertificate('localhost')
      await writeFile(join(folder, 'valkey.crt'), cert)
      await writeFile(join(folder, 'valkey.key'), key)
      const port = await findFreePort()
      const files = [
        '--tls-cert-file',
        join(folder, 'valkey.crt'),
        '--tls-key-file',
        join(folder, 'valkey.key'),
      ]
      const place = ['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no', '--save', '']
      const server = spawn('redis-server', [...place, ...files], { stdio: ['ignore', 'pipe', 'inherit'] })
      stops.push(async () => {
        server.kill('SIGKILL')
        await once(server, 'exit')
      })
      for await (const line of createInterface({ input: server.stdout }))
        if (/ready to accept/i.test(line)) break
      server.stdout.resume()
      const failures: string[] = []
      const store = createValkeyStore({
        url: new Secret(`rediss://localhost:${port}`),
        onError: (error) =>
          failures.push(error instanceof Error && 'code' in error ? String(error.code) : ''),
      })
      await expect.poll(() => failures.join()).toContain('DEPTH_ZERO_SELF_SIGNED_CERT')
      expect(await store.isReachable()).toBe(false)
      await store.close()
    },
  )
})

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port')
  return address.port
}
