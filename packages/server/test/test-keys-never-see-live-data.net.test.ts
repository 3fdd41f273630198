import { toTestOrgId } from '@gatehouse/kernel/db'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Service } from '../src/service/define-service.ts'
import { services } from '../src/services.ts'
import { uptime } from '../src/services/uptime/index.ts'
import { uptimePolicy } from '../src/services/uptime/policy.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { foundSecondOrg, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

type Key = { readonly id: string; readonly key: string; readonly keyPrefix: string; readonly mode: string }
type Mode = 'live' | 'test'

/** The whole service as it is, but for its keys: these come in both modes. */
const withTestKeys: Service = {
  ...uptime,
  policy: {
    ...uptimePolicy,
    keyShape: { ...uptimePolicy.keyShape, prefixes: ['mk_test_', 'mk_'], testPrefix: 'mk_test_' },
  },
}

/** All that a key of the service may do. */
const scopes = ['read', 'write', 'subscribers:manage']

const others = services.filter((service) => service !== uptime)

let server: ComposedServer
let ann: SignedIn
let sudo: Readonly<Record<string, string>>
let live: Key
let test: Key

beforeAll(async () => {
  server = await composeServer(
    { GATEHOUSE_ADMINS: 'ann@example.com' },
    { services: others.concat(withTestKeys) },
  )
  ann = await setUpOwner(server.client, server.ownerToken)
  sudo = await proveAnew(server.client, ann)
  live = await newKey('live')
  test = await newKey('test')
})
afterAll(() => server.stop())

async function newKey(mode: Mode, { of: owner = ann } = {}): Promise<Key> {
  const { apiKey } = await server.client.ask<{ apiKey: Key }>('/dashboard/api-keys', {
    credential: owner.accessToken,
    headers: await proveAnew(server.client, owner),
    body: { name: `of ${mode}`, service: 'uptime', mode, scopes, rateLimit: 100_000 },
  })
  return apiKey
}

const asAnn = (path: string, call: { readonly method?: string; readonly body?: unknown } = {}) =>
  server.client.send(path, { ...call, credential: ann.accessToken, headers: sudo })

/** One of each thing that keys make, named after the mode of the key: its id by the path of its kind. */
async function furnish({ key, mode }: Key): Promise<ReadonlyMap<string, string>> {
  const make = async (path: string, body: object): Promise<[path: string, id: string]> => {
    const made = await server.client.ask<Record<string, { id: string }>>(path, { credential: key, body })
    const [thing] = Object.values(made)
    if (thing === undefined) throw new Error('It was not made')
    return [path, thing.id]
  }
  const name = `${mode}-thing`
  return new Map([
    await make('/api/v1/monitors', { name, type: 'heartbeat', config: {} }),
    await make('/api/v1/services', { name, slug: name }),
    await make('/api/v1/incidents', { title: name }),
    await make('/api/v1/notification-channels', {
      name,
      type: 'webhook',
      config: { url: 'https://93.184.216.34/', secret: `the secret of ${name}` },
    }),
  ])
}

it('both kinds of key are listed in the org that made them, each with its mode and the prefix of it', async () => {
  const { text } = await asAnn('/dashboard/api-keys')
  const { apiKeys } = JSON.parse(text) as { readonly apiKeys: readonly Key[] }
  expect(apiKeys.map(({ id, mode }) => [id, mode])).toEqual([
    [live.id, 'live'],
    [test.id, 'test'],
  ])
  expect(live.key).toMatch(/^mk_[0-9a-f]{64}$/)
  expect(test.key).toMatch(/^mk_test_[0-9a-f]{64}$/)
})

/** Everything that a key of the service may read. */
const readable = (): readonly string[] =>
  server.services.flatMap(({ name, endpoints }) =>
    (name === uptime.name ? endpoints : []).flatMap(({ endpoint: { access, method, path } }) =>
      access.kind === 'key' && method === 'GET' ? [path] : [],
    ),
  )

it('test-keys-never-see-live-data, wherever they look, and the other way round', async () => {
  const { send } = server.client
  const things = { live: await furnish(live), test: await furnish(test) }
  const [items, lists] = [
    readable().filter((path) => path.includes('{')),
    readable().filter((path) => !path.includes('{')),
  ]
  expect(Math.min(items.length, lists.length)).toBeGreaterThan(4)
  for (const { mine, theirs, made } of [
    { mine: test, theirs: live, made: things.live },
    { mine: live, theirs: test, made: things.test },
  ]) {
    for (const path of lists) {
      const { text } = await send(path, { credential: mine.key })
      expect({ path, sees: text.includes(`${theirs.mode}-thing`) }).toEqual({ path, sees: false })
    }
    for (const path of items)
      for (const id of made.values()) {
        const { status } = await send(path.replaceAll(/\{\w+\}/g, id), { credential: mine.key })
        expect({ path, status }).toEqual({ path, status: 404 })
      }
    for (const [path, id] of made) {
      const { status } = await send(`${path}/${id}`, { method: 'DELETE', credential: mine.key })
      expect({ path, status }).toEqual({ path, status: 404 })
      expect((await send(path, { credential: mine.key })).text).toContain(`${mine.mode}-thing`)
      expect((await send(path, { credential: theirs.key })).text).toContain(id)
    }
  }
})

it('what a test key does stands in the audit log of the test org; that it was made, in that of its org', async () => {
  const { send } = server.client
  const ofTest = await send('/api/v1/audit-logs?limit=100', { credential: test.key })
  const ofLive = await send('/api/v1/audit-logs?limit=100', { credential: live.key })
  const ofPeople = await asAnn('/dashboard/audit-logs?limit=100')
  expect(ofTest.text).toContain('org.create')
  expect(ofTest.text).toContain('monitor.create')
  expect(ofTest.text).not.toContain(live.keyPrefix)
  expect(ofTest.text).not.toContain('key.create')
  for (const { text } of [ofLive, ofPeople]) {
    expect(text).toContain(test.id)
    expect(text).not.toContain('test-thing')
  }
})

it('the test org is no team: nobody is in it, switches to it, or administers it apart from its org', async () => {
  const testOrgId = toTestOrgId(ann.user.teamId)
  const teams = JSON.parse((await asAnn('/dashboard/teams')).text) as { readonly data: readonly unknown[] }
  expect(teams.data).toHaveLength(1)
  expect((await asAnn(`/dashboard/teams/${testOrgId}/switch`, { method: 'POST' })).status).toBe(404)
  expect((await asAnn(`/admin/orgs/${testOrgId}`)).status).toBe(404)
  const orgs = await asAnn('/admin/orgs')
  expect(orgs.status).toBe(200)
  expect(orgs.text).not.toContain(testOrgId)
})

it('the last owner cannot leave because of a test org', async () => {
  const { status } = await asAnn(`/dashboard/team/members/${ann.user.id}`, { method: 'DELETE' })
  expect(status).toBe(409)
})

it('a test key is rotated and revoked where it was made; its successor is a test key in the same test org', async () => {
  const { send } = server.client
  const old = await newKey('test')
  const rotated = await asAnn(`/dashboard/api-keys/${old.id}/rotate`, { body: {} })
  const { apiKey } = JSON.parse(rotated.text) as { readonly apiKey: Key }
  expect(apiKey).toMatchObject({ mode: 'test', key: expect.stringMatching(/^mk_test_/) })
  expect((await send('/api/v1/monitors', { credential: old.key })).status).toBe(401)
  const { text } = await send('/api/v1/monitors', { credential: apiKey.key })
  expect(text).toContain('test-thing')
  expect(text).not.toContain('live-thing')
  expect((await asAnn(`/dashboard/api-keys/${apiKey.id}`, { method: 'DELETE' })).status).toBe(200)
  await expect.poll(async () => (await send('/api/v1/monitors', { credential: apiKey.key })).status).toBe(401)
})

it('a service without test keys refuses to make one, and names the field', async () => {
  const plain = await composeServer()
  try {
    const owner = await setUpOwner(plain.client, plain.ownerToken)
    const { status, text } = await plain.client.send('/dashboard/api-keys', {
      credential: owner.accessToken,
      headers: await proveAnew(plain.client, owner),
      body: { name: 'no', service: 'uptime', mode: 'test', scopes: ['read'] },
    })
    expect(status).toBe(400)
    expect(text).toContain('mode: must be live: uptime has no test keys')
  } finally {
    await plain.stop()
  }
})

it('suspending an org silences its test keys with its live ones, and restoring it brings both back', async () => {
  const bob = await foundSecondOrg(server.client, ann)
  const keys = [await newKey('live', { of: bob }), await newKey('test', { of: bob })]
  const look = () =>
    Promise.all(
      keys.map(async ({ key }) => (await server.client.send('/api/v1/monitors', { credential: key })).status),
    )
  expect(await look()).toEqual([200, 200])
  const administer = (verb: string, body?: object) =>
    asAnn(`/admin/orgs/${bob.user.teamId}/${verb}`, { method: 'POST', body })
  expect((await administer('suspend', { reason: 'test' })).status).toBe(200)
  await expect.poll(look).toEqual([401, 401])
  expect((await administer('restore')).status).toBe(200)
  await expect.poll(look).toEqual([200, 200])
})
