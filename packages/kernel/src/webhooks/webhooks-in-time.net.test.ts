import { generateKeyPairSync, type KeyObject, randomBytes, verify } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { createAuditLog } from '../audit/index.ts'
import { ensurePartitions, kernelPartitions, recordTelemetry } from '../db/index.ts'
import { createEgress, type Egress, noAllowance, parseEgressAllowance } from '../egress/index.ts'
import type { SystemPrincipal } from '../principal/index.ts'
import { createSealer } from '../secrets/index.ts'
import { fakeClock, testDatabase, type TestDatabase } from '../testing/index.ts'
import { newOrg } from './fixtures/new-org.ts'
import { type Hit, receiveWebhooks } from './fixtures/receive-webhooks.ts'
import {
  createWebhookEndpoint,
  getWebhookDelivery,
  listWebhookDeliveries,
  publishWebhook,
  rotateWebhookSecret,
  startWebhookDelivery,
  updateWebhookEndpoint,
  type WebhookDeps,
} from './index.ts'

let database: TestDatabase
let deps: WebhookDeps
const clock = fakeClock(Date.UTC(2026, 5, 1))
const ends: (() => Promise<unknown> | void)[] = []
const dayMs = 86_400_000
const loopback = createEgress({ allow: parseEgressAllowance('127.0.0.0/8') })
const page = { beforeId: undefined, limit: 10 }

beforeAll(async () => {
  // The clock of the reference library cannot be set, so Date is replaced.
  vi.useFakeTimers({ now: clock.now(), toFake: ['Date'] })
  database = await testDatabase()
  await ensurePartitions(database.db, kernelPartitions, clock.now())
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  deps = {
    db: database.db,
    audit: createAuditLog({ id: 'test', privateKey, publicKey }),
    clock,
    sealer: createSealer({ current: 1, versions: new Map([[1, Buffer.alloc(32, 3)]]) }),
    egress: loopback,
    randomBytes,
    service: 'platform',
    endpointsMax: 5,
  }
})
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})
afterAll(async () => {
  vi.useRealTimers()
  await database.drop()
})

const advance = (ms: number): void => {
  clock.advance(ms)
  vi.setSystemTime(clock.now())
}

async function receive(answer: (hit: Hit, response: ServerResponse) => void = ok) {
  const receiver = await receiveWebhooks(answer)
  ends.push(receiver.stop)
  return receiver
}

function ok(_hit: Hit, response: ServerResponse): void {
  response.writeHead(204).end()
}

function deliver({
  egress = loopback,
  signingKey = generateKeyPairSync('ed25519'),
} = {}): () => Promise<void> {
  const { stop } = startWebhookDelivery({
    ...deps,
    egress,
    signingKey,
    invalidations: { subscribe: () => () => true },
    ownSignatures: new Map(),
    chance: () => 0.5,
    tell: async () => undefined,
    onError: (error) => process.stderr.write(`${String(error)}\n`),
  })
  ends.push(stop)
  return stop
}

const request = (url: string) => ({ url, description: '', events: ['key.created'] })
const publish = (principal: SystemPrincipal) =>
  recordTelemetry(deps, principal, (tx) =>
    publishWebhook(tx, {
      service: 'platform',
      type: 'key.created',
      atMs: clock.now(),
      toBody: (id) => ({ id }),
    }),
  )

const versionsOf = (hit: Hit | undefined) =>
  (hit?.headers['webhook-signature'] ?? '').split(' ').map((entry) => entry.split(',', 1)[0])

function isSignedBy(hit: Hit | undefined, key: KeyObject): boolean {
  const content = `${hit?.id}.${hit?.headers['webhook-timestamp']}.${hit?.body}`
  return (hit?.headers['webhook-signature'] ?? '')
    .split(' ')
    .filter((entry) => entry.startsWith('v1a,'))
    .some((entry) => verify(null, Buffer.from(content), key, Buffer.from(entry.slice(4), 'base64')))
}

it('after a rotation the old secret signs for 24 hours, and not a millisecond longer', async () => {
  const org = await newOrg(database.db)
  const receiver = await receive()
  const made = await createWebhookEndpoint(deps, org, request(receiver.url))
  const rotated = await rotateWebhookSecret(deps, org, made.endpoint.id)
  expect(rotated.endpoint.previousSecretUntilMs).toBe(clock.now() + dayMs)
  deliver()
  advance(dayMs - 1)
  await publish(org)
  await receiver.until(() => receiver.hits.length === 1)
  advance(1)
  await publish(org)
  await receiver.until(() => receiver.hits.length === 2)
  const [before, after] = receiver.hits
  const read = (secret: string, hit: Hit | undefined) => () =>
    new Webhook(secret).verify(hit?.body ?? '', hit?.headers ?? {})
  const [old, now] = [made.secret.reveal(), rotated.secret.reveal()]
  expect([versionsOf(before), versionsOf(after)]).toEqual([['v1', 'v1'], ['v1']])
  expect(read(old, before)).not.toThrow()
  expect(read(now, before)).not.toThrow()
  expect(read(old, after)).toThrow()
  expect(read(now, after)).not.toThrow()
})

it('an endpoint that asks for it gets a signature of the instance beside its own, and no other does', async () => {
  const org = await newOrg(database.db)
  const [asking, silent] = [await receive(), await receive()]
  const { endpoint } = await createWebhookEndpoint(deps, org, { ...request(asking.url), asymmetric: true })
  expect(endpoint.asymmetric).toBe(true)
  expect((await createWebhookEndpoint(deps, org, request(silent.url))).endpoint.asymmetric).toBe(false)
  const signingKey = generateKeyPairSync('ed25519')
  deliver({ signingKey })
  await publish(org)
  await asking.until(() => asking.hits.length === 1)
  await silent.until(() => silent.hits.length === 1)
  expect(versionsOf(asking.hits[0])).toEqual(['v1', 'v1a'])
  expect(isSignedBy(asking.hits[0], signingKey.publicKey)).toBe(true)
  expect(isSignedBy(asking.hits[0], generateKeyPairSync('ed25519').publicKey)).toBe(false)
  expect(versionsOf(silent.hits[0])).toEqual(['v1'])
  expect((await updateWebhookEndpoint(deps, org, endpoint.id, { asymmetric: false })).asymmetric).toBe(false)
  await publish(org)
  await asking.until(() => asking.hits.length === 2)
  expect(versionsOf(asking.hits[1])).toEqual(['v1'])
})

it('the key that the instance signs with may change while it delivers', async () => {
  const org = await newOrg(database.db)
  const receiver = await receive()
  await createWebhookEndpoint(deps, org, { ...request(receiver.url), asymmetric: true })
  const [first, second] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')]
  const signingKey = { ...first }
  deliver({ signingKey })
  await publish(org)
  await receiver.until(() => receiver.hits.length === 1)
  signingKey.privateKey = second.privateKey
  await publish(org)
  await receiver.until(() => receiver.hits.length === 2)
  expect(isSignedBy(receiver.hits[0], first.publicKey)).toBe(true)
  expect(isSignedBy(receiver.hits[1], second.publicKey)).toBe(true)
  expect(isSignedBy(receiver.hits[1], first.publicKey)).toBe(false)
})

it.each<[what: string, egress: () => Egress, url: (port: number) => string]>([
  [
    'whose address the operator allows no more',
    () => createEgress({ allow: noAllowance }),
    (port) => `http://127.0.0.1:${port}/hook`,
  ],
  [
    'whose name has moved to an address of the own network',
    () => createEgress({ allow: noAllowance, resolve: async () => [{ address: '127.0.0.1' }] }),
    () => 'https://receiver.example.com/hook',
  ],
])('a target %s gets nothing, and the log holds a class and a time', async (_what, egress, urlOf) => {
  const org = await newOrg(database.db)
  const receiver = await receive()
  const resolve = async () => [{ address: '93.184.215.14' }]
  const allowed = createEgress({ allow: parseEgressAllowance('127.0.0.0/8'), resolve })
  const { endpoint } = await createWebhookEndpoint(
    { ...deps, egress: allowed },
    org,
    request(urlOf(receiver.port)),
  )
  await publish(org)
  const stop = deliver({ egress: egress() })
  const first = async () => (await listWebhookDeliveries(deps, org, endpoint.id, page))[0]
  await expect.poll(async () => (await first())?.attemptsMade).toBe(1)
  await stop()
  const { attempts, lastStatus, lastError } = await getWebhookDelivery(
    deps,
    org,
    endpoint.id,
    (await first())?.id ?? '',
  )
  expect({ lastStatus, lastError }).toEqual({ lastStatus: null, lastError: 'target_forbidden' })
  expect(attempts).toEqual([
    {
      atMs: clock.now(),
      status: null,
      error: 'target_forbidden',
      durationMs: expect.any(Number),
      nextAttemptAtMs: clock.now() + 5_000,
    },
  ])
  expect(receiver.hits).toEqual([])
})

it.each([429, 502, 504])(
  '%i with Retry-After leaves that endpoint alone until then, and no other',
  async (status) => {
    const org = await newOrg(database.db)
    let overloaded = true
    const slow = await receive((hit, response) => {
      if (overloaded) response.writeHead(status, { 'retry-after': '60' }).end()
      else ok(hit, response)
    })
    const { endpoint } = await createWebhookEndpoint(deps, org, request(slow.url))
    deliver()
    await publish(org)
    const deliveries = () => listWebhookDeliveries(deps, org, endpoint.id, page)
    await expect.poll(async () => (await deliveries())[0]?.attemptsMade).toBe(1)
    expect(await deliveries()).toMatchObject([{ lastStatus: status, nextAttemptAtMs: clock.now() + 60_000 }])
    overloaded = false
    const prompt = await receive()
    await createWebhookEndpoint(deps, org, request(prompt.url))
    advance(59_999)
    // Each of these is claimed after a look at what is due, the slow endpoint's backlog included.
    for (const sent of [1, 2, 3]) {
      await publish(org)
      await prompt.until(() => prompt.hits.length === sent)
    }
    expect(slow.hits).toHaveLength(1)
    advance(1)
    await slow.until(() => slow.hits.length === 5)
    expect(new Set(slow.hits.map(({ id }) => id)).size).toBe(4)
  },
)
