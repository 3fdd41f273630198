import { connectOnce } from '@gatehouse/kernel/db'
import { Secret } from '@gatehouse/kernel/secrets'
import { type DatabaseProxy, proxyDatabase, testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { eventually } from './fixtures/eventually.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'

let database: TestDatabase
let proxy: DatabaseProxy
let server: ComposedServer
let key: string
let ownerToken: string

beforeAll(async () => {
  database = await testDatabase()
  proxy = await proxyDatabase(database.url.reveal())
  server = await composeServer({ DATABASE_URL: proxy.url })
  const owner = await setUpOwner(server.client, server.ownerToken)
  ownerToken = owner.accessToken
  key = await createKey(server.client, owner)
})
afterEach(async () => {
  server.passMinute()
  await proxy.restore()
  await eventually('the server is ready again', async () =>
    (await readiness()).status === 200 ? true : undefined,
  )
})
afterAll(async () => {
  await server.stop()
  await proxy.stop()
  await database.drop()
})

async function readiness(): Promise<{ readonly status: number; readonly parts: Record<string, boolean> }> {
  const { status, text } = await server.client.send('/readyz')
  return { status, parts: JSON.parse(text) as Record<string, boolean> }
}

async function becomesUnready(part: string): Promise<Record<string, boolean>> {
  return eventually(`/readyz says that ${part} is out of order`, async () => {
    const { status, parts } = await readiness()
    return status === 503 && parts[part] === false ? parts : undefined
  })
}

/** A call that reads, one that writes, one that proves a stranger's key, a log-in, and one of a person. */
const calls: readonly (() => ReturnType<ComposedServer['client']['send']>)[] = [
  () => server.client.send('/api/v1/monitors', { credential: key }),
  () =>
    server.client.send('/api/v1/monitors', {
      credential: key,
      body: { type: 'heartbeat', name: 'nightly', config: {} },
      headers: { 'idempotency-key': `once-${Math.random()}` },
    }),
  () => server.client.send('/api/v1/monitors', { credential: `mk_${'0'.repeat(64)}` }),
  () =>
    server.client.send('/auth/login', { body: { email: 'a@example.com', password: 'not the right one' } }),
  () => server.client.send('/dashboard/monitors', { credential: ownerToken }),
]

async function expectOutage(of = calls): Promise<void> {
  for (const answer of await Promise.all(of.map((call) => call()))) {
    expect(answer.status).toBe(503)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect(JSON.parse(answer.text)).toEqual({
      error: { code: 'UNAVAILABLE', message: expect.any(String) as string, status: 503 },
    })
    expect(answer.text).not.toMatch(/postgres|database|ECONN|127\.0\.0\.1/i)
  }
  expect((await server.client.send('/healthz')).status).toBe(200)
}

/** From beside the server's database, into which nobody may come meanwhile. */
async function administer(toStatement: (name: string) => string): Promise<void> {
  const url = new Secret(process.env['GATEHOUSE_TEST_DATABASE_URL'] ?? '')
  await connectOnce(url, (run) => run(toStatement(new URL(database.url.reveal()).pathname.slice(1))))
}

describe('an-outage-is-503', () => {
  it('all is well while the database answers', async () => {
    const { status, parts } = await readiness()
    expect(status).toBe(200)
    expect(new Set(Object.values(parts))).toEqual(new Set([true]))
    expect(Object.keys(parts)).toEqual(
      expect.arrayContaining(['database', 'writes', 'migrations', 'channel']),
    )
  })

  it('while PostgreSQL is gone', async () => {
    await proxy.kill()
    await expectOutage()
    const page = await server.client.send('/status/nowhere', { headers: { accept: 'text/html' } })
    expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8'])
    expect(page.text).toContain('Try again in 5 seconds.')
    expect(await becomesUnready('channel')).toMatchObject({
      database: false,
      writes: false,
      migrations: false,
    })
  })

  it('while PostgreSQL is stopped and answers nothing, of which readiness tells before anyone gives up', async () => {
    proxy.silence()
    const outage = expectOutage()
    const first = await Promise.race([outage.then(() => 'given up'), readiness()])
    expect(first).toMatchObject({ status: 503, parts: { database: false, writes: false } })
    await outage
  })

  it('while PostgreSQL only reads', async () => {
    await administer((name) => `ALTER DATABASE ${name} SET default_transaction_read_only = on`)
    await proxy.restore()
    expect(await becomesUnready('writes')).toMatchObject({ database: true, migrations: true })
    await expectOutage(calls.slice(1, 2))
    await administer((name) => `ALTER DATABASE ${name} RESET default_transaction_read_only`)
  })

  it('while PostgreSQL takes no more connections', async () => {
    await administer((name) => `ALTER DATABASE ${name} CONNECTION LIMIT 0`)
    await proxy.restore()
    expect(await becomesUnready('database')).toMatchObject({ writes: false, migrations: false })
    await expectOutage()
    await administer((name) => `ALTER DATABASE ${name} CONNECTION LIMIT -1`)
  })
})
