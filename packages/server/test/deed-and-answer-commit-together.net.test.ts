import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { isAnsweredWithDeed } from './fixtures/is-answered-with-deed.ts'
import { createKey, password, setUpOwner, type SignedIn } from './fixtures/people.ts'

let server: ComposedServer
let ann: SignedIn
let key: string
let slug = 0

beforeAll(async () => {
  server = await composeServer(
    {},
    // Whether someone has just proven themselves anew is another test's matter.
    { createSudoTokens: () => ({ sign: async () => 'sudo', verify: async () => true }) },
  )
  ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann)
})
afterAll(() => server.stop())

const monitor = { type: 'heartbeat', name: 'Nightly', config: {} }

function post(path: string, body: object, idempotencyKey: string = randomUUID()) {
  return server.client.send(path, {
    credential: path.startsWith('/api/') ? key : ann.accessToken,
    body,
    headers: { 'x-sudo-token': 'sudo', 'idempotency-key': idempotencyKey },
  })
}

describe('deed-and-answer-commit-together', () => {
  it.each<[what: string, path: string, body: () => object]>([
    ['a monitor', '/api/v1/monitors', () => monitor],
    ['a status page', '/api/v1/services', () => ({ name: 'Shop', slug: `shop-${(slug += 1)}` })],
    [
      'a channel',
      '/api/v1/notification-channels',
      () => ({
        type: 'webhook',
        name: 'Ops',
        config: { url: 'https://93.184.216.34/', secret: 'a shared secret of theirs' },
      }),
    ],
    ['an API key', '/dashboard/api-keys', () => ({ name: 'ci', service: 'uptime', scopes: ['read'] })],
    ['an organisation', '/dashboard/teams', () => ({ name: 'Other' })],
    [
      'a webhook endpoint',
      '/dashboard/webhooks',
      () => ({ url: 'https://93.184.216.34/', events: ['key.created'] }),
    ],
  ])('%s and the answer to its request are of one transaction', async (_what, path, body) => {
    const { status, text } = await post(path, body())
    expect({ status, text }).toMatchObject({ status: 201 })
    expect(await isAnsweredWithDeed(server.db)).toBe(true)
  })

  it('a node that dies at the answer has done nothing, and the retry does it once', async () => {
    const count = async () =>
      (await server.client.ask<{ monitors: object[] }>('/api/v1/monitors', { credential: key })).monitors
        .length
    const before = await count()
    // Ends the connection when the answer is written, as kill -9 of the node at that very moment would.
    await server.db.pool.query(`
      CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END';
      CREATE TRIGGER die BEFORE UPDATE ON gatehouse.idempotency FOR EACH ROW EXECUTE FUNCTION die()`)
    const idempotencyKey = randomUUID()
    expect((await post('/api/v1/monitors', monitor, idempotencyKey)).status).toBeGreaterThanOrEqual(500)
    expect(await count()).toBe(before)
    await server.db.pool.query('DROP TRIGGER die ON gatehouse.idempotency; DROP FUNCTION die')
    const retry = await post('/api/v1/monitors', monitor, idempotencyKey)
    expect(retry.status).toBe(201)
    expect((await post('/api/v1/monitors', monitor, idempotencyKey)).text).toBe(retry.text)
    expect(await count()).toBe(before + 1)
  })

  it('a request whose claim was taken over meanwhile does nothing', async () => {
    await server.db.pool.query(`
      CREATE FUNCTION take_over() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN UPDATE gatehouse.idempotency SET busy_until = busy_until + interval ''1 ms'' WHERE status IS NULL; RETURN NULL; END';
      CREATE TRIGGER take_over AFTER INSERT ON gatehouse.audit_entry EXECUTE FUNCTION take_over();
      GRANT UPDATE ON gatehouse.idempotency TO gatehouse_app`)
    const name = `Taken ${randomUUID()}`
    const { status, text } = await post('/api/v1/monitors', { ...monitor, name })
    await server.db.pool.query('DROP TRIGGER take_over ON gatehouse.audit_entry; DROP FUNCTION take_over')
    expect({ status, text }).toMatchObject({
      status: 409,
      text: expect.stringContaining('IDEMPOTENCY_KEY_BUSY') as string,
    })
    const listed = await server.client.send('/api/v1/monitors', { credential: key })
    expect(listed.text).not.toContain(name)
  })

  it('what a refusal decided stands: wrong passwords count under a key as well', async () => {
    const prove = (attempt: string) => post('/dashboard/sudo/verify', { password: attempt })
    const answers: number[] = []
    for (let tries = 0; tries < 6; tries += 1) answers.push((await prove('wrong horse battery')).status)
    expect(answers.at(-1)).not.toBe(answers[0])
    expect((await prove(password)).status).toBe(answers.at(-1))
  })
})
