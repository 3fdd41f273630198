import { type DatabaseProxy, proxyDatabase, testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { Gatehouse } from '@gatehouse/sdk'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { platformPolicy } from '../src/platform/index.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, foundSecondOrg, join, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { type EventReader, readEvents } from './fixtures/read-events.ts'

let database: TestDatabase
let proxy: DatabaseProxy
let server: ComposedServer
let ann: SignedIn
let key: string
const open: EventReader[] = []

beforeAll(async () => {
  database = await testDatabase()
  proxy = await proxyDatabase(database.url.reveal())
  server = await composeServer({ DATABASE_URL: proxy.url })
  ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann)
})
afterEach(() => {
  for (const reader of open.splice(0)) reader.leave()
  server.passMinute()
})
afterAll(async () => {
  await server.stop()
  await proxy.stop()
  await database.drop()
})

async function listen(
  credential = key,
  headers: Readonly<Record<string, string>> = {},
): Promise<EventReader> {
  const path = credential.startsWith('mk_') ? '/api/v1/monitors/events' : '/dashboard/events'
  const reader = await readEvents(server.origin + path, credential, headers)
  open.push(reader)
  return reader
}

type Incident = { readonly id: string }

async function openIncident(title: string, credential = key): Promise<Incident> {
  const { incident } = await server.client.ask<{ incident: Incident }>('/api/v1/incidents', {
    credential,
    body: { title },
  })
  return incident
}

const titleOf = ({ data }: { readonly data: unknown }): unknown => (data as { readonly title: unknown }).title

it('a-stream-tells-of-monitors-and-incidents-as-it-happens: each with what it is about', async () => {
  const stream = await listen()
  expect(stream.status).toBe(200)
  expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(stream.headers.get('x-accel-buffering')).toBe('no')
  await stream.until('ready')
  const { monitor } = await server.client.ask<{ monitor: { id: string } }>('/api/v1/monitors', {
    credential: key,
    body: { type: 'heartbeat', name: 'Nightly', config: {} },
  })
  const made = { monitorId: monitor.id, name: 'Nightly', type: 'heartbeat' }
  expect(await stream.next()).toMatchObject({
    event: 'monitor.status',
    data: { ...made, status: 'unknown', previousStatus: null },
  })
  await server.client.ask(`/api/v1/monitors/${monitor.id}`, {
    credential: key,
    method: 'PUT',
    body: { isActive: false },
  })
  expect(await stream.next()).toMatchObject({
    event: 'monitor.status',
    data: { ...made, status: 'paused', previousStatus: 'unknown' },
  })
  const { id } = await openIncident('Lost')
  expect(await stream.next()).toMatchObject({
    event: 'incident.created',
    data: { incidentId: id, title: 'Lost', status: 'ongoing', severity: 'critical', resolvedAt: null },
  })
  const put = (act: string, body: object = {}) =>
    server.client.ask(`/api/v1/incidents/${id}/${act}`, { credential: key, method: 'PUT', body })
  await put('assignee', { assigneeId: ann.user.id })
  expect(await stream.next()).toMatchObject({
    event: 'incident.updated',
    data: { incidentId: id, assigneeId: ann.user.id },
  })
  await put('acknowledge')
  expect(await stream.next()).toMatchObject({ event: 'incident.acknowledged', data: { incidentId: id } })
  await server.client.ask(`/api/v1/incidents/${id}/updates`, {
    credential: key,
    body: { phase: 'identified', body: 'We know' },
  })
  expect(await stream.until('incident.updated')).toMatchObject({ data: { incidentId: id } })
  await put('resolve')
  expect(await stream.until('incident.resolved')).toMatchObject({
    data: { incidentId: id, status: 'resolved', resolvedAt: expect.stringMatching(/Z$/) },
  })
})

it('a-stream-goes-on-after-its-last-event: what was missed comes once and in order', async () => {
  const before = await listen()
  const { id: readyId } = await before.until('ready')
  before.leave()
  const titles = ['one', 'two', 'three', 'four']
  for (const title of titles) await openIncident(title)
  const after = await listen(key, { 'last-event-id': readyId ?? '' })
  const first = [await after.next(), await after.next()]
  expect(first.map(titleOf)).toEqual(['one', 'two'])
  after.leave()
  const rest = await listen(key, { 'last-event-id': first[1]?.id ?? '' })
  expect(titleOf(await rest.next())).toBe('three')
  const last = await rest.next()
  expect(titleOf(last)).toBe('four')
  expect(await rest.next()).toMatchObject({ event: 'ready', id: last.id })
  // A number that is none of ours: nobody can say what was missed.
  const lost = await listen(key, { 'last-event-id': '999999' })
  expect(await lost.next()).toMatchObject({ event: 'gap', id: last.id })
  await openIncident('five')
  expect(titleOf(await lost.until('incident.created'))).toBe('five')
})

it('no-stream-tells-of-another-organisation', async () => {
  const other = await foundSecondOrg(server.client, ann)
  const otherKey = await createKey(server.client, other)
  const streams = [await listen(otherKey), await listen(other.accessToken)]
  for (const stream of streams) await stream.until('ready')
  await openIncident('Ours')
  await openIncident('Theirs', otherKey)
  const [told, changed] = streams
  expect(titleOf((await told?.next()) ?? { data: {} })).toBe('Theirs')
  expect(await changed?.next()).toMatchObject({ event: 'changed', id: (await latestOf(otherKey)).id })
  const both = JSON.stringify(await latestOf(key))
  expect(both).not.toContain('Theirs')
})

/** What a stream says that goes on before the newest event. */
async function latestOf(credential: string) {
  const stream = await listen(credential)
  const { id } = await stream.until('ready')
  const again = await listen(credential, { 'last-event-id': String(Number(id) - 1) })
  return again.next()
}

it('a-stream-ends-with-what-opened-it: a key that is revoked, a session that is over', async () => {
  const { client } = server
  const { apiKey } = await client.ask<{ apiKey: { id: string; key: string } }>('/dashboard/api-keys', {
    credential: ann.accessToken,
    headers: await proveAnew(client, ann),
    body: { name: 'short', service: 'uptime' },
  })
  const ofKey = await listen(apiKey.key)
  await ofKey.until('ready')
  await client.ask(`/dashboard/api-keys/${apiKey.id}`, {
    method: 'DELETE',
    credential: ann.accessToken,
    headers: await proveAnew(client, ann),
  })
  await ofKey.ended()

  const bob = await join(client, ann, 'viewer')
  const ofSession = await listen(bob.accessToken)
  await ofSession.until('ready')
  await client.send('/auth/logout', { method: 'POST', credential: bob.accessToken, body: {} })
  await ofSession.ended()
  expect((await listen(bob.accessToken)).status).toBe(401)
})

it('a-screen-hears-which-of-its-topics-changed: nothing of what is in them', async () => {
  const stream = await listen(ann.accessToken)
  await stream.until('ready')
  const { id } = await openIncident('Not for this stream')
  const { data } = await stream.until('changed')
  expect(data).toEqual({ changes: expect.arrayContaining([{ topic: 'incidents', ids: [id] }]) })
  expect(JSON.stringify(data)).not.toContain('Not for this stream')
})

it('streams-of-one-person-are-bounded: one more is refused in words, and one less makes room', async () => {
  const max = platformPolicy.streams.perCallerMax
  const carl = await join(server.client, ann, 'member')
  const own = await Promise.all(Array.from({ length: max }, () => listen(carl.accessToken)))
  expect(own.map(({ status }) => status)).toEqual(own.map(() => 200))
  const { status, text } = await server.client.send('/dashboard/events', { credential: carl.accessToken })
  expect(status).toBe(429)
  expect(JSON.parse(text)).toMatchObject({ error: { code: 'TOO_MANY_STREAMS' } })
  own[0]?.leave()
  server.passMinute()
  for (;;) {
    const again = await listen(carl.accessToken)
    server.passMinute()
    if (again.status === 200) return
  }
})

it('a-listener-outlives-the-database: nothing is missed and nothing comes twice', async () => {
  const heard: unknown[] = []
  const over = new AbortController()
  const { promise: ready, resolve } = Promise.withResolvers<void>()
  const { promise: missed, resolve: goOn } = Promise.withResolvers<void>()
  const cut = new AbortController()
  // Once it was cut, it comes back only when there is something that it missed.
  const connect: typeof fetch = async (input, init) => {
    if (!cut.signal.aborted)
      return fetch(input, { ...init, signal: AbortSignal.any([cut.signal, over.signal]) })
    await missed
    return fetch(input, init)
  }
  const listening = (async () => {
    const client = new Gatehouse({ baseUrl: server.origin, apiKey: key, fetch: connect })
    for await (const event of client.uptime.monitors.events({ signal: over.signal })) {
      if (event.event === 'ready') resolve()
      if (event.event === 'incident.created') heard.push(event.data.title)
    }
  })()
  await ready
  await openIncident('before')
  await proxy.kill()
  await proxy.restore()
  for (;;) {
    server.passMinute()
    const { status } = await server.client.send('/readyz')
    if (status === 200) break
  }
  await openIncident('after')
  await expect.poll(() => heard).toContain('after')
  cut.abort()
  await openIncident('missed')
  goOn()
  await expect.poll(() => heard).toContain('missed')
  over.abort()
  await listening
  expect(heard).toEqual(['before', 'after', 'missed'])
})

it('a server that stops ends its streams', async () => {
  const other = await composeServer()
  const owner = await setUpOwner(other.client, other.ownerToken)
  const stream = await readEvents(`${other.origin}/dashboard/events`, owner.accessToken)
  await stream.until('ready')
  await expect(Promise.all([stream.ended(), other.stop()])).resolves.toBeDefined()
})
