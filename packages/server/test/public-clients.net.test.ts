import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dataFolder } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { type Call, driveClient, installPublicClient, type PublicClient } from './fixtures/public-client.ts'
import { type Listener, listenWebhooks, type Received } from './fixtures/sinks.ts'

/** Beside the checkout lies a longer driver; where it does not, the repository's own is all there is. */
const longDriver = dataFolder('../clients/cohesion_drive.py')
/** Examples of the wire, each below the call that it answers. */
const wire = dataFolder('../spec/oversight-wire.md')
const models: Readonly<Record<string, string>> = {
  'POST /v1/score': 'ScoreResponse',
  'GET /v1/operator/h80/profile': 'OperatorProfile',
  'GET /v1/organization/dashboard': 'OrganizationDashboard',
}
const current = '1.4.0'
const older = ['1.3.3', '1.2.0', '1.0.0']

const received: Received[] = []
const clients = new Map<string, PublicClient>()
let folder: string
let server: ComposedServer
let sink: Listener
let ann: SignedIn

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-replies-'))
  for (const version of [current, ...older]) {
    const client = await installPublicClient(version)
    if (client === undefined) return
    clients.set(version, client)
  }
  sink = await listenWebhooks(received)
  server = await composeServer({
    GATEHOUSE_EGRESS_ALLOW: '127.0.0.1',
    // The client calls from this very machine, through no proxy.
    GATEHOUSE_TRUSTED_PROXY_HOPS: '0',
  })
  ann = await setUpOwner(server.client, server.ownerToken)
}, 600_000)
afterAll(async () => {
  await server?.stop()
  await sink?.stop()
  for (const client of clients.values()) await client.remove()
  await rm(folder, { recursive: true, force: true })
})

function failuresOf(calls: readonly Call[]): readonly Call[] {
  return calls.filter(({ outcome }) => outcome === 'FAIL')
}

describe('public-sdk-calls-work-against-this-server', () => {
  it(
    'every call of the unpatched client, and every reply that it parses',
    { timeout: 600_000 },
    async (test) => {
      const client = clients.get(current)
      if (client === undefined) return test.skip()
      const key = await newTestKey()
      if (!existsSync(longDriver)) {
        expect(failuresOf(await driveClient(client, 'live', server.origin, key))).toEqual([])
        return
      }
      const free = await listenWebhooks([])
      await free.stop()
      const { out } = await client.run(
        longDriver,
        '--base-url',
        server.origin,
        '--api-key',
        key,
        '--json',
        '--webhook-listen',
        `127.0.0.1:${free.port}`,
      )
      // Safe: this is what the driver prints.
      const { calls } = JSON.parse(out) as { readonly calls: readonly Call[] }
      expect(calls.length).toBeGreaterThan(50)
      expect(failuresOf(calls)).toEqual([])
    },
  )
})

describe('older-sdk-versions-parse-the-same-replies', () => {
  it.for(older)('%s', { timeout: 600_000 }, async (version, test) => {
    const client = clients.get(version)
    if (client === undefined) return test.skip()
    const calls = await driveClient(client, 'live', server.origin, await newTestKey())
    expect(calls.length).toBeGreaterThan(8)
    expect(failuresOf(calls)).toEqual([])
  })
})

describe('wire-examples-parse-in-the-unpatched-client', () => {
  it.for([current, ...older])('%s', { timeout: 600_000 }, async (version, test) => {
    const client = clients.get(version)
    if (client === undefined) return test.skip()
    const isOld = older.slice(1).includes(version)
    const file = join(folder, `examples-${version}.json`)
    // What the server answers, and the documented examples where their folder is there.
    for (const examples of [await makeExamples(), ...(existsSync(wire) ? [await readExamples()] : [])]) {
      await writeFile(file, isOld ? toOlderWords(examples) : examples)
      const calls = await driveClient(client, 'parse', file)
      expect(calls.map(({ name }) => name).toSorted()).toEqual(Object.values(models).toSorted())
      expect(failuresOf(calls)).toEqual([])
    }
  })
})

it('webhooks-verify-in-the-unpatched-client', { timeout: 600_000 }, async (test) => {
  const client = clients.get(current)
  if (client === undefined) return test.skip()
  const headers = { 'x-api-key': await newTestKey() }
  const { signing_secret: secret } = await server.client.ask<{ signing_secret: string }>(
    '/v1/admin/webhook/register',
    { headers, body: { url: `http://127.0.0.1:${sink.port}/`, events: ['score.committed'] } },
  )
  const decided = {
    ai_recommendation_presented: true,
    ai_available: true,
    time_to_decision_ms: 4_200,
    decision: 'modified',
    modification_extent: 0.3,
    scenario_type: 'standard',
  }
  const who = { operator_id: 'analyst-42', domain: 'financial' }
  for (const mode of ['full', 'lite'])
    await server.client.ask(`/v1/score?mode=${mode}`, {
      headers,
      body: { ...who, session_id: mode, interaction: decided },
    })
  const commit = { decision: 'modified', modification_extent: 0.3 }
  await server.client.ask('/v1/score/full/commit', { headers, body: commit })
  await expect.poll(() => received.length).toBe(3)
  const file = join(folder, 'deliveries.json')
  await writeFile(file, JSON.stringify(received.map((one) => ({ ...one, secret }))))
  const calls = await driveClient(client, 'webhooks', file)
  expect(calls).toHaveLength(3)
  expect(failuresOf(calls)).toEqual([])
})

async function readExamples(): Promise<string> {
  const text = await readFile(wire, 'utf8')
  const examples = [...text.matchAll(/\*\*`([^`]+)`[^\n]*\n```json\n([^]*?)\n```/g)].flatMap(
    ([, call = '', json = '']) => (models[call] === undefined ? [] : [[models[call], JSON.parse(json)]]),
  )
  return JSON.stringify(Object.fromEntries(examples))
}

/** The same replies, as this server gives them to one decision. */
async function makeExamples(): Promise<string> {
  const headers = { 'x-api-key': await newTestKey() }
  const body = {
    session_id: 'h80-079',
    operator_id: 'h80',
    domain: 'financial',
    interaction: {
      ai_recommendation_presented: true,
      ai_available: true,
      time_to_decision_ms: 4_200,
      decision: 'modified',
      modification_extent: 0.3,
      scenario_type: 'standard',
    },
  }
  const replies: [string, unknown][] = []
  for (const [call, model] of Object.entries(models)) {
    const [method = 'GET', path = ''] = call.split(' ')
    replies.push([model, await server.client.ask(path, { headers, ...(method === 'POST' ? { body } : {}) })])
  }
  return JSON.stringify(Object.fromEntries(replies))
}

/** As this server would send them to clients before 1.3.1. */
function toOlderWords(examples: string): string {
  const words = { low: 'routine', medium: 'recommended', high: 'required' }
  return Object.entries(words).reduce(
    (text, [ours, theirs]) => text.replaceAll(`"urgency":"${ours}"`, `"urgency":"${theirs}"`),
    examples,
  )
}

async function newTestKey(): Promise<string> {
  server.passMinute()
  return createKey(server.client, ann, 'oversight')
}
