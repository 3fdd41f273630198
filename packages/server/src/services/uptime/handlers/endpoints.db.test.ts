import { decideWithin, query } from '@gatehouse/kernel/db'
import { bindEndpoints, type BoundEndpoint } from '@gatehouse/kernel/endpoint'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { sql } from 'kysely'
import type { PoolClient } from 'pg'
import { tinyImages } from '../domain/fixtures/tiny-images.ts'
import { afterAll, beforeAll, describe, expect, it, type MockInstance, vi } from 'vitest'
import { z } from 'zod'
import { uptimeEndpoints } from '../contract/endpoints.ts'
import { uptimePolicy } from '../policy.ts'
import { problems } from '../problems.ts'
import { startTestUptime, type TestUptime, toKey } from '../testing/test-uptime.ts'
import { uptimeHandlers } from './index.ts'

let uptime: TestUptime
let bound: readonly BoundEndpoint[]

beforeAll(async () => {
  uptime = await startTestUptime()
  bound = bindEndpoints(uptimeEndpoints, uptimeHandlers(uptime.deps, uptime.deliverDeps))
})
afterAll(() => uptime.database.drop())

const placeOf = ({ endpoint: { method, path } }: BoundEndpoint): string => `${method} ${path}`

describe('the table', () => {
  it('names every operation and every place once', () => {
    const ids = bound.map(({ endpoint }) => endpoint.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(bound.map(placeOf)).size).toBe(bound.length)
  })

  it('opens every operation of the API to keys and to people, writing to members, reading to viewers, and domains and subscribers to owners', () => {
    const forKeys = bound.filter(({ endpoint }) => endpoint.access.kind === 'key')
    const forPeople = new Map(
      bound.flatMap((one) =>
        one.endpoint.access.kind === 'session' &&
        (one.endpoint.access.role !== 'owner' || one.endpoint.handledBy !== undefined)
          ? [[placeOf(one), one.endpoint.access.role]]
          : [],
      ),
    )
    expect(forKeys.length).toBeGreaterThan(40)
    expect(forPeople.size).toBe(forKeys.length)
    for (const one of forKeys) {
      const { access } = one.endpoint
      if (access.kind !== 'key') throw new Error('Only these were chosen')
      const ofOwners = /\/custom-domain|\/subscribers/.test(one.endpoint.path)
      const role = ofOwners ? 'owner' : access.scope.endsWith(':read') ? 'viewer' : 'member'
      expect(forPeople.get(placeOf(one).replace('/api/v1/', '/dashboard/'))).toBe(role)
      expect(uptimePolicy.scopes).toContain(access.scope)
    }
  })

  it('promises only refusals that exist', () => {
    for (const { endpoint } of bound)
      for (const code of endpoint.problems) expect(Object.keys(problems)).toContain(code)
  })

  it('lets nobody read a credential with a right to read', () => {
    for (const { endpoint } of bound) {
      if (endpoint.revealsSecret !== true) continue
      // It opens nothing that whoever asks for it could not read already.
      if (endpoint.id === 'createViewLink' || endpoint.id === 'dashboardCreateViewLink') continue
      // It is the caller's own, by which they tell what comes from here.
      if (endpoint.id === 'subscribeToPage') continue
      const { access } = endpoint
      expect(access).toMatchObject(
        access.kind === 'key' ? { scope: expect.stringMatching(/:write$/) } : { role: 'member' },
      )
    }
  })
})

const nothing = z.strictObject({})

/** Calls an operation as the pipeline does: parsed input in, a reply that fits its schema out. */
async function call(
  place: string,
  caller: MemberPrincipal,
  parts: { params?: object; query?: object; body?: object } = {},
) {
  const one = bound.find((candidate) => placeOf(candidate) === place)
  if (one === undefined) throw new Error(`There is no ${place}`)
  const { endpoint, handle } = one
  const input = {
    params: endpoint.params?.parse(parts.params),
    query: endpoint.query?.parse(parts.query ?? {}),
    body: endpoint.body?.parse(parts.body ?? {}),
  }
  const context = {
    requestId: 'req',
    ip: caller.ip,
    userAgent: undefined,
    url: '/',
    receivedAtMs: uptime.clock.now(),
    signal: AbortSignal.timeout(10_000),
    refund: () => undefined,
    header: () => undefined,
  }
  const reply = await handle(endpoint.access.kind === 'key' ? toKey(caller) : caller, input, context)
  if (!('schema' in endpoint.reply)) throw new Error(`${place} does not answer with JSON`)
  // Safe: every JSON reply is an object; what its members are is for the caller to expect.
  return (endpoint.reply.schema ?? nothing).parse(reply ?? {}) as Record<
    string,
    Record<string, unknown> & unknown[]
  >
}

it.each(['/api/v1', '/dashboard'])(
  'the whole surface under %s answers in the form that it promises',
  async (root) => {
    const member = await uptime.found()
    const ask = (method: string, path: string, parts: Parameters<typeof call>[2] = {}) =>
      call(`${method} ${root}${path}`, member, parts)
    const body = { type: 'http', config: { url: 'https://example.com' } }
    const monitorId = String((await ask('POST', '/monitors', { body })).monitor?.['id'])
    const params = { id: monitorId }
    const until = { maintenanceUntil: new Date(uptime.clock.now() + 3_600_000).toISOString() }
    await ask('PUT', '/monitors/{id}', { params, body: { name: 'Web' } })
    expect((await ask('GET', '/monitors')).monitors).toHaveLength(1)
    await ask('GET', '/monitors/{id}', { params })
    await ask('GET', '/monitors/{id}/checks', { params, query: { limit: '10' } })
    await ask('GET', '/monitors/{id}/uptime', { params, query: { bucket: 'day', timeZone: 'Asia/Tokyo' } })
    const beat = (await ask('POST', '/monitors', { body: { type: 'heartbeat', config: {} } })).monitor?.['id']
    expect((await ask('GET', '/monitors/{id}/heartbeat-url', { params: { id: beat } })).url).toMatch(
      /^https:/,
    )
    await ask('POST', '/monitors/{id}/rotate-token', { params: { id: beat } })
    const started = await ask('POST', '/monitors/{id}/maintenance', { params, body: until })
    expect(started.monitor).toMatchObject(until)
    await ask('DELETE', '/monitors/{id}/maintenance', { params })
    const bulk = { monitorIds: [monitorId] }
    expect(await ask('POST', '/monitors/bulk/maintenance', { body: { ...until, ...bulk } })).toEqual({
      updated: 1,
    })
    expect(await ask('DELETE', '/monitors/bulk/maintenance', { body: bulk })).toEqual({ updated: 1 })
    expect(await ask('POST', '/monitors/all/maintenance', { body: until })).toEqual({ updated: 2 })
    expect(await ask('DELETE', '/monitors/all/maintenance')).toEqual({ updated: 2 })

    const slug = `surface${root.replaceAll('/', '-')}`
    const serviceId = (await ask('POST', '/services', { body: { name: 'Shop', slug } })).service?.['id']
    const page = { id: serviceId }
    await ask('PUT', '/services/{id}', { params: page, body: { description: null } })
    const layout = {
      sections: [{ name: 'Core' }],
      components: [{ state: 'up', displayName: 'Phone', section: 0 }],
    }
    const arranged = await ask('PUT', '/services/{id}/layout', { params: page, body: layout })
    expect(await ask('GET', '/services/{id}/layout', { params: page })).toEqual(arranged)
    await ask('POST', '/services/{id}/preview', { params: page, body: { layout } })
    await ask('PUT', '/services/{id}/logo', { params: page, body: { content: tinyImages.webpLossy } })
    await ask('DELETE', '/services/{id}/logo', { params: page })
    expect((await ask('POST', '/services/{id}/view-link', { params: page })).url).toMatch(/\?view=/)
    expect((await ask('GET', '/services')).services).toHaveLength(2)
    expect((await ask('GET', '/status-pages')).statusPages).toHaveLength(2)
    await ask('PUT', '/monitors/{id}', { params, body: { serviceId } })
    await ask('POST', '/services/{id}/maintenance', { params: page, body: until })
    await ask('DELETE', '/services/{id}/maintenance', { params: page })
    const part = { id: serviceId, monitorId }
    await ask('POST', '/services/{id}/monitors/{monitorId}/maintenance', { params: part, body: until })
    await ask('DELETE', '/services/{id}/monitors/{monitorId}/maintenance', { params: part })
    await ask('DELETE', '/services/{id}', { params: page })

    const config = { url: 'https://example.com/hook', secret: 'a secret of sixteen' }
    const made = await ask('POST', '/notification-channels', {
      body: { type: 'webhook', name: 'Hook', config },
    })
    const channel = { id: made.channel?.['id'] }
    await ask('PUT', '/notification-channels/{id}', { params: channel, body: { name: 'Hook 2' } })
    expect((await ask('GET', '/notification-channels')).channels).toHaveLength(1)
    await ask('PUT', '/monitors/{id}/channels', { params, body: { channels: [channel] } })

    const incident = { id: (await ask('POST', '/incidents', { body: { title: 'Slow' } })).incident?.['id'] }
    await ask('GET', '/notification-channels/{id}/deliveries', { params: channel })
    await ask('PUT', '/incidents/{id}', { params: incident, body: { cause: 'A queue' } })
    await ask('PUT', '/incidents/{id}/acknowledge', { params: incident })
    await ask('POST', '/incidents/{id}/updates', {
      params: incident,
      body: { phase: 'identified', body: 'Found.' },
    })
    await ask('PUT', '/incidents/{id}/visibility', { params: incident, body: { visibility: 'hidden' } })
    await ask('PUT', '/incidents/{id}/resolve', { params: incident, body: {} })
    expect((await ask('GET', '/incidents', { query: { status: 'resolved' } })).incidents).toHaveLength(1)
    const read = await ask('GET', '/incidents/{id}', { params: incident })
    expect(read.incident).toMatchObject({
      updates: [{ body: 'Found.' }],
      deliveries: [{ event: 'incident.created' }],
    })
    expect(await ask('DELETE', '/incidents/{id}', { params: incident })).toEqual({})

    await ask('DELETE', '/notification-channels/{id}', { params: channel })
    expect(await ask('DELETE', '/monitors/{id}', { params })).toEqual({ ok: true })
  },
)

it('ten thousand monitors are listed with as many queries as one', async () => {
  const member = await uptime.found()
  const { monitor } = await call('POST /api/v1/monitors', member, {
    body: { type: 'http', config: { url: 'https://example.com/health' }, tags: ['prod'] },
  })
  const list = async () => {
    const counted = countStatements()
    const { monitors } = await call('GET /api/v1/monitors', member)
    return { monitors, statements: counted.end() }
  }
  const one = await list()
  expect(one.monitors).toHaveLength(1)
  expect(one.statements).toBeGreaterThan(0)
  await decideWithin(uptime.deps, member, async (tx) => {
    await sql`
      INSERT INTO uptime.monitor (org_id, id, service_id, type, name, config, interval_seconds, tags, created_at, updated_at)
      SELECT org_id, 'copy-' || lpad(n::text, 6, '0'), service_id, type, name || ' ' || n, config, interval_seconds, tags,
             created_at, updated_at
        FROM uptime.monitor, generate_series(1, 9999) n WHERE id = ${monitor?.['id']}`.execute(query(tx))
    await sql`
      INSERT INTO uptime.monitor_state (org_id, monitor_id, status, state, judged_through)
      SELECT m.org_id, m.id, s.status, s.state, s.judged_through FROM uptime.monitor m, uptime.monitor_state s
       WHERE s.monitor_id = ${monitor?.['id']} AND m.id LIKE 'copy-%'`.execute(query(tx))
    await sql`
      INSERT INTO uptime.schedule (org_id, monitor_id, next_due_at, slot_at, interval_seconds, timeout_ms)
      SELECT org_id, id, created_at, created_at, 300, 10000 FROM uptime.monitor WHERE id LIKE 'copy-%'`.execute(
      query(tx),
    )
  })
  await call('POST /api/v1/monitors/bulk/maintenance', member, {
    body: {
      monitorIds: ['copy-000001'],
      maintenanceUntil: new Date(uptime.clock.now() + 60_000).toISOString(),
    },
  })
  const many = await list()
  expect(many.monitors).toHaveLength(10_000)
  expect(many.statements).toBe(one.statements)
})

/** Counts what is sent to PostgreSQL from now until `end`. */
function countStatements(): { readonly end: () => number } {
  const { pool } = uptime.deps.db
  const spies = new Set<MockInstance>()
  const listen = (client: PoolClient): void => {
    spies.add(vi.spyOn(client, 'query'))
  }
  pool.on('acquire', listen)
  return {
    end: () => {
      pool.off('acquire', listen)
      const statements = [...spies].reduce((sum, spy) => sum + spy.mock.calls.length, 0)
      for (const spy of spies) spy.mockRestore()
      return statements
    },
  }
}
