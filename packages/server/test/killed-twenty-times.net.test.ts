import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, createClient } from './fixtures/client.ts'
import { proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { programEnv } from './fixtures/program-env.ts'
import { type Listener, listenWebhooks, type Received } from './fixtures/sinks.ts'

const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))
const kills = 20
/** Longer than a lease: what a dead node was sending is sent again once that has lapsed. */

let folder: string
let database: TestDatabase
let sink: Listener
const received: Received[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-killed-'))
  await chmod(folder, 0o711)
  database = await testDatabase()
  sink = await listenWebhooks(received)
})
afterAll(async () => {
  await sink.stop()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

type Running = { readonly child: ChildProcess; readonly client: Client; readonly ownerToken: string }

async function start(): Promise<Running> {
  const child = spawn(process.execPath, [main, 'serve'], {
    cwd: folder,
    env: {
      ...programEnv(),
      GATEHOUSE_DATA: join(folder, 'data'),
      GATEHOUSE_FEEDS: 'off',
      GATEHOUSE_PROBES: 'off',
      GATEHOUSE_PORT: '0',
      GATEHOUSE_TRUSTED_PROXY_HOPS: '1',
      GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${sink.port}`,
      GATEHOUSE_LOG_LEVEL: 'silent',
      DATABASE_URL: database.url.reveal(),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let ownerToken = ''
  let origin = ''
  for await (const line of createInterface({ input: child.stdout })) {
    origin ||= /^ready on (\S+)/.exec(line)?.[1] ?? ''
    ownerToken ||= /\?token=(\S+)$/.exec(line)?.[1] ?? ''
    if (origin !== '' && (ownerToken !== '' || isSetUp)) break
  }
  if (origin === '') throw new Error('The server ended before it was ready')
  return { child, client: createClient(origin), ownerToken }
}

let isSetUp = false

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** What the server has acknowledged, and must never lose. */
type Acknowledged = {
  readonly monitors: string[]
  readonly created: string[]
  readonly rotations: { readonly old: string; readonly next: string; readonly nextId: string }[]
}

/** Says `done` whenever something was acknowledged. */
const deeds = new EventEmitter()

function countOf({ monitors, created, rotations }: Acknowledged): number {
  return monitors.length + created.length + rotations.length
}

async function reach(acknowledged: Acknowledged, count: number): Promise<void> {
  while (countOf(acknowledged) < count) await once(deeds, 'done')
}

type NewKey = { readonly apiKey: { readonly id: string; readonly key: string } }

it('killed −9 twenty times at random in the middle of appending, rotating and delivering, it loses nothing that it acknowledged', async () => {
  const acknowledged: Acknowledged = { monitors: [], created: [], rotations: [] }
  let running = await start()
  const ann = await setUpOwner(running.client, running.ownerToken)
  isSetUp = true
  const sudo = await proveAnew(running.client, ann)
  const { apiKey } = await makeKey(running.client, ann, sudo, 100_000)
  await running.client.ask('/dashboard/webhooks', {
    credential: ann.accessToken,
    headers: sudo,
    body: { url: `http://127.0.0.1:${sink.port}/`, events: ['key.created', 'key.rotated'] },
  })
  for (let round = 0; round < kills; round += 1) {
    const working = Promise.all([
      work(() => addMonitor(running.client, apiKey.key, acknowledged)),
      work(() => addAndRotate(running.client, ann, sudo, acknowledged)),
    ])
    // So many deeds later, in the middle of the next: a slow machine does not do less before it is killed.
    await Promise.race([working, reach(acknowledged, countOf(acknowledged) + randomInt(1, 20))])
    await wait(randomInt(0, 40))
    await kill(running.child)
    await working
    running = await start()
  }
  const { client } = running
  try {
    expect(acknowledged.monitors.length).toBeGreaterThan(kills)
    expect(acknowledged.rotations.length).toBeGreaterThan(0)
    const credential = apiKey.key
    for (const id of acknowledged.monitors)
      expect((await client.send(`/api/v1/monitors/${id}`, { credential })).status).toBe(200)
    for (const { old, next } of acknowledged.rotations) {
      expect((await client.send('/api/v1/monitors?limit=1', { credential: next })).status).toBe(200)
      expect((await client.send('/api/v1/monitors?limit=1', { credential: old })).status).toBe(401)
    }
    const verdict = await client.ask<{ intact: boolean; faults: unknown[]; entries: number }>(
      '/dashboard/audit-logs/verify',
      { credential: ann.accessToken },
    )
    expect(verdict).toMatchObject({ intact: true, faults: [] })
    expect(verdict.entries).toBeGreaterThan(acknowledged.monitors.length + acknowledged.rotations.length)
    const wanted = [
      ...acknowledged.created.map((id) => `key.created ${id}`),
      ...acknowledged.rotations.map(({ nextId }) => `key.rotated ${nextId}`),
    ]
    await expect.poll(() => wanted.filter((event) => !arrived().has(event)), { interval: 200 }).toEqual([])
    expectOneIdEach()
  } finally {
    await kill(running.child)
  }
}, 900_000)

/** Repeats a deed until the server is gone; a fetch that fails then is what the test is about. */
async function work(deed: () => Promise<void>): Promise<void> {
  try {
    for (;;) {
      await deed()
      deeds.emit('done')
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
}

async function addMonitor(client: Client, credential: string, { monitors }: Acknowledged): Promise<void> {
  const { monitor } = await client.ask<{ monitor: { id: string } }>('/api/v1/monitors', {
    credential,
    body: { type: 'heartbeat', name: 'x', config: {} },
  })
  monitors.push(monitor.id)
}

async function addAndRotate(
  client: Client,
  ann: SignedIn,
  sudo: Readonly<Record<string, string>>,
  { created, rotations }: Acknowledged,
): Promise<void> {
  const { apiKey } = await makeKey(client, ann, sudo, 100)
  created.push(apiKey.id)
  const { apiKey: next } = await client.ask<NewKey>(`/dashboard/api-keys/${apiKey.id}/rotate`, {
    credential: ann.accessToken,
    headers: sudo,
    body: { overlapSeconds: 0 },
  })
  rotations.push({ old: apiKey.key, next: next.key, nextId: next.id })
}

function makeKey(
  client: Client,
  { accessToken }: SignedIn,
  headers: Readonly<Record<string, string>>,
  rateLimit: number,
): Promise<NewKey> {
  const body = { name: 'test', service: 'uptime', scopes: ['read', 'write'], rateLimit }
  return client.ask<NewKey>('/dashboard/api-keys', { credential: accessToken, headers, body })
}

type Event = { readonly id: string; readonly type: string; readonly data: { readonly key_id: string } }

const toEvent = ({ body }: Received): Event => JSON.parse(body) as Event

function arrived(): ReadonlySet<string> {
  return new Set(received.map(toEvent).map(({ type, data }) => `${type} ${data.key_id}`))
}

/** However often an event came, it came under one id, and an id always brought the same event. */
function expectOneIdEach(): void {
  const ids = new Map<string, Set<string>>()
  for (const one of received) {
    const { id, type, data } = toEvent(one)
    expect(one.headers['webhook-id']).toBe(id)
    const event = `${type} ${data.key_id}`
    ids.set(event, (ids.get(event) ?? new Set()).add(id))
  }
  for (const [event, found] of ids) expect({ event, ids: found.size }).toEqual({ event, ids: 1 })
}
