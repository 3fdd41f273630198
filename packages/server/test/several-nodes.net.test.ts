import { isValkeyMissing, startValkey, type TestValkey } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, Client } from './fixtures/client.ts'
import { composeNodes, type ComposedNodes } from './fixtures/compose-nodes.ts'
import { password, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { type EventReader, type Frame, readEvents } from './fixtures/read-events.ts'

const toReadiness = (text: string) => JSON.parse(text) as { readonly limits: boolean }
const listenerName = 'gatehouse-invalidations'

describe.skipIf(isValkeyMissing)('two nodes on one PostgreSQL and one Valkey', () => {
  let valkey: TestValkey
  let nodes: ComposedNodes
  let here: Client
  let there: Client
  let ann: SignedIn
  let sudo: Readonly<Record<string, string>>

  beforeAll(async () => {
    valkey = await startValkey()
    nodes = await composeNodes(2, { VALKEY_URL: valkey.url.reveal() })
    const [first, second] = nodes.clients
    if (first === undefined || second === undefined) throw new Error('There must be two nodes')
    here = first
    there = second
    ann = await setUpOwner(here, nodes.ownerToken)
    sudo = await proveAnew(here, ann)
  })
  afterAll(async () => {
    await nodes.stop()
    await valkey.stop()
  })

  type NewKey = { readonly id: string; readonly key: string }
  const newKey = async (rateLimit = 100_000): Promise<NewKey> => {
    const { apiKey } = await here.ask<{ apiKey: NewKey }>('/dashboard/api-keys', {
      credential: ann.accessToken,
      headers: sudo,
      body: { name: 'test', service: 'uptime', scopes: ['read'], rateLimit },
    })
    return apiKey
  }
  const use = (node: Client, { key }: Pick<NewKey, 'key'>): Promise<Answer> =>
    node.send('/api/v1/monitors', { credential: key })
  const warm = async (key: Pick<NewKey, 'key'>): Promise<void> => {
    for (const node of [here, there, there]) expect((await use(node, key)).status).toBe(200)
  }
  /** Nodes learn of it from the channel; how soon is a figure of the benchmarks. */
  const comesTo = (work: () => Promise<number>, status: number) => expect.poll(work).toBe(status)

  it('revoked-keys-die-on-every-node-within-one-second', async () => {
    const key = await newKey()
    await warm(key)
    await here.ask(`/dashboard/api-keys/${key.id}`, {
      method: 'DELETE',
      credential: ann.accessToken,
      headers: sudo,
    })
    expect((await use(here, key)).status).toBe(401)
    await comesTo(async () => (await use(there, key)).status, 401)
  })

  it('rotation-kills-the-old-key-at-once, on the node that rotates and within a second on the other', async () => {
    const old = await newKey()
    await warm(old)
    const { apiKey } = await here.ask<{ apiKey: NewKey }>(`/dashboard/api-keys/${old.id}/rotate`, {
      credential: ann.accessToken,
      headers: sudo,
      body: { overlapSeconds: 0 },
    })
    expect((await use(here, old)).status).toBe(401)
    await comesTo(async () => (await use(there, old)).status, 401)
    await warm(apiKey)
  })

  it('a log-out everywhere ends the session on both nodes within a second', async () => {
    const other = await there.ask<SignedIn>('/auth/login', { body: { email: 'ann@example.com', password } })
    const look = async (node: Client) =>
      (await node.send('/dashboard/me', { credential: other.accessToken })).status
    expect([await look(here), await look(there)]).toEqual([200, 200])
    await here.ask('/auth/logout-all', { method: 'POST', credential: ann.accessToken })
    await comesTo(() => look(there), 401)
    expect(await look(here)).toBe(401)
    ann = await here.ask<SignedIn>('/auth/login', { body: { email: 'ann@example.com', password } })
    sudo = await proveAnew(here, ann)
  })

  it('a-stream-tells-what-another-node-did: and goes on at the other node without a gap', async () => {
    const [first = '', second = ''] = nodes.origins
    const listen = (origin: string, headers: Readonly<Record<string, string>> = {}): Promise<EventReader> =>
      readEvents(`${origin}/dashboard/events`, ann.accessToken, headers)
    const open = async (node: Client, title: string): Promise<string> => {
      const asked = { credential: ann.accessToken, body: { title } }
      const { incident } = await node.ask<{ incident: { id: string } }>('/dashboard/incidents', asked)
      return incident.id
    }
    const heardOf = async (stream: EventReader, id: string): Promise<Frame> => {
      for (;;) {
        const frame = await stream.until('changed')
        if (JSON.stringify(frame.data).includes(id)) return frame
      }
    }
    const screen = await listen(second)
    await screen.until('ready')
    const told = await heardOf(screen, await open(here, 'Done on the first node'))
    expect(told.data).toMatchObject({
      changes: expect.arrayContaining([expect.objectContaining({ topic: 'incidents' })]),
    })
    screen.leave()
    const missed = await open(there, 'While nobody listened')
    const again = await listen(first, { 'last-event-id': told.id ?? '' })
    for (;;) {
      const { event, data } = await again.next()
      expect(event).not.toBe('gap')
      if (JSON.stringify(data).includes(missed)) break
    }
    again.leave()
  })

  it('a limit holds over both nodes together: the sixty of a minute, whoever is asked', async () => {
    const key = await newKey(60)
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => use(index % 2 === 0 ? here : there, key)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(60)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40)
  })

  it('with the invalidation channel cut, a node asks the database instead of its cache', async () => {
    const key = await newKey()
    await warm(key)
    const { rowCount } = await nodes.database.db.pool.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()',
      [listenerName],
    )
    expect(rowCount).toBe(2)
    await here.ask(`/dashboard/api-keys/${key.id}`, {
      method: 'DELETE',
      credential: ann.accessToken,
      headers: sudo,
    })
    expect((await use(there, key)).status).toBe(401)
    const ready = async (node: Client) => (await node.send('/readyz')).status
    await expect.poll(() => ready(there)).toBe(200)
    await expect.poll(() => ready(here)).toBe(200)
  })

  it('limiter-outage-refuses: with Valkey away every call is refused with 503 and Retry-After; back, it is served', async () => {
    const key = await newKey()
    await warm(key)
    await valkey.kill()
    for (const path of ['/api/v1/monitors', '/dashboard/me'])
      for (const node of [here, there]) {
        const credential = path === '/dashboard/me' ? ann.accessToken : key.key
        const { status, headers, text } = await node.send(path, { credential })
        expect({ path, status }).toEqual({ path, status: 503 })
        expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
        expect(text).toContain('UNAVAILABLE')
      }
    const login = await here.send('/auth/login', { body: { email: 'ann@example.com', password } })
    expect(login.status).toBe(503)
    const readiness = await here.send('/readyz')
    expect({ status: readiness.status, limits: toReadiness(readiness.text).limits }).toEqual({
      status: 503,
      limits: false,
    })
    await valkey.restart()
    for (const node of [here, there]) await expect.poll(async () => (await use(node, key)).status).toBe(200)
    await expect.poll(async () => (await here.send('/readyz')).status).toBe(200)
  })
})
