import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@gatehouse/kernel/log'
import { isValkeyMissing, startValkey, testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { admitNode } from '../src/admit-node.ts'
import { compose, type Server } from '../src/compose.ts'
import { readServerConfig } from '../src/config.ts'
import { createClient } from './fixtures/client.ts'

let folder: string
let database: TestDatabase
const keys: Record<string, string> = {}
const running = new Set<Server>()
let nodes = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-alone-'))
  await chmod(folder, 0o711)
  database = await testDatabase()
  for (const name of ['MASTER_KEY', 'PEPPER', 'JWT_KEY', 'SIGNING_KEY'])
    keys[`GATEHOUSE_${name}`] = `1:${randomBytes(32).toString('base64')}`
})
afterEach(async () => {
  for (const node of running) await end(node)
})
afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

async function start(settings: Readonly<Record<string, string>> = {}, patienceMs = 0): Promise<Server> {
  nodes += 1
  const env = {
    ...keys,
    GATEHOUSE_DATA: join(folder, `node-${nodes}`),
    GATEHOUSE_FEEDS: 'off',
    GATEHOUSE_PROBES: 'off',
    GATEHOUSE_PORT: '0',
    GATEHOUSE_TRUSTED_PROXY_HOPS: '1',
    DATABASE_URL: database.url.reveal(),
    ...settings,
  }
  const node = await compose({
    config: readServerConfig(env, folder),
    log: createLogger('silent'),
    env,
    parts: { admitNode: (channel, hasValkey, log) => admitNode(channel, hasValkey, log, patienceMs) },
  })
  running.add(node)
  return node
}

async function end(node: Server): Promise<void> {
  running.delete(node)
  await node.stop()
}

const readinessOf = async ({ origin }: Server) => {
  const { status, text } = await createClient(origin).send('/readyz')
  // Safe: an object of booleans is all that this path answers.
  return { status, nodes: (JSON.parse(text) as { readonly nodes: boolean }).nodes }
}

it('a second node without a Valkey refuses to start, and names what to set', async () => {
  const first = await start()
  await expect(start()).rejects.toThrow(
    'Gatehouse will not start: another node runs on this database, and without VALKEY_URL this one would count ' +
      'limits by itself. Stop the other node, or set VALKEY_URL to the same Valkey for every node',
  )
  expect(await readinessOf(first)).toEqual({ status: 200, nodes: true })
})

it('a node that replaces another waits until that has ended its last requests', async () => {
  const old = await start()
  const next = start({}, 60_000)
  await end(old)
  expect(await readinessOf(await next)).toEqual({ status: 200, nodes: true })
})

it('a node that was refused leaves nothing behind that keeps the next one out', async () => {
  const first = await start()
  await expect(start()).rejects.toThrow('VALKEY_URL')
  await end(first)
  expect(await readinessOf(await start())).toEqual({ status: 200, nodes: true })
})

it('a node that loses its place to another says so at /readyz, and is ready again once the other has left', async () => {
  const node = await start()
  const other = await database.db.pool.connect()
  const got = other.query('SELECT pg_advisory_lock_shared(7305662)')
  await database.db.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'gatehouse-invalidations' AND datname = current_database()`,
  )
  await got
  await expect.poll(() => readinessOf(node)).toEqual({ status: 503, nodes: false })
  await other.query('SELECT pg_advisory_unlock_shared(7305662)')
  other.release()
  await expect.poll(() => readinessOf(node)).toEqual({ status: 200, nodes: true })
})

it.skipIf(isValkeyMissing)(
  'nodes with a Valkey start side by side, and none without one does beside them',
  async () => {
    const valkey = await startValkey()
    try {
      const shared = { VALKEY_URL: valkey.url.reveal() }
      const [first, second] = [await start(shared), await start(shared)]
      expect([await readinessOf(first), await readinessOf(second)]).toEqual([
        { status: 200, nodes: true },
        { status: 200, nodes: true },
      ])
      await expect(start()).rejects.toThrow('without VALKEY_URL this one would count limits by itself')
      await end(first)
      await end(second)
      await start()
      await expect(start(shared)).rejects.toThrow(
        'another node runs on this database without VALKEY_URL, and counts limits by itself. ' +
          'Stop it, or start it again with the VALKEY_URL of this one',
      )
    } finally {
      for (const node of running) await end(node)
      await valkey.stop()
    }
  },
)

it('a server whose secrets were lost refuses to start on the database that it used, and says what to restore', async () => {
  await end(await start())
  const fresh = { GATEHOUSE_SIGNING_KEY: `1:${randomBytes(32).toString('base64')}` }
  await expect(start(fresh)).rejects.toThrow(/are not those that this database was used with: .* restore/)
  await end(await start())
})
