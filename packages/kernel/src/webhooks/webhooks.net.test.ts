import { spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest'
import { createAuditLog } from '../audit/index.ts'
import { systemClock } from '../clock/index.ts'
import { asWriter, query, recordTelemetry } from '../db/index.ts'
import { createEgress, parseEgressAllowance } from '../egress/index.ts'
import type { SystemPrincipal } from '../principal/index.ts'
import { createSealer } from '../secrets/index.ts'
import { testDatabase, type TestDatabase } from '../testing/index.ts'
import { newOrg } from './fixtures/new-org.ts'
import { type Hit, receiveWebhooks } from './fixtures/receive-webhooks.ts'
import {
  createWebhookEndpoint,
  enableWebhookEndpoint,
  getWebhookDelivery,
  getWebhookEndpoint,
  listWebhookDeliveries,
  publishWebhook,
  replayWebhookDelivery,
  rotateWebhookSecret,
  startWebhookDelivery,
  type WebhookDeps,
  type WebhookNotice,
  serviceSignature,
} from './index.ts'

let database: TestDatabase
let deps: WebhookDeps
const ends: (() => Promise<unknown> | void)[] = []
const told: WebhookNotice[] = []
const signingKey = generateKeyPairSync('ed25519')
const sealer = createSealer({ current: 1, versions: new Map([[1, Buffer.alloc(32, 3)]]) })

beforeAll(async () => {
  database = await testDatabase()
  const { privateKey, publicKey } = signingKey
  deps = {
    db: database.db,
    audit: createAuditLog({ id: 'test', privateKey, publicKey }),
    clock: systemClock,
    sealer,
    egress: createEgress({ allow: parseEgressAllowance('127.0.0.0/8') }),
    randomBytes,
    service: 'platform',
    endpointsMax: 5,
  }
})
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})
afterAll(() => database.drop())

async function receive(answer: (hit: Hit, response: ServerResponse) => void) {
  const receiver = await receiveWebhooks(answer)
  ends.push(receiver.stop)
  return receiver
}

const ok = (_hit: Hit, response: ServerResponse): void => void response.writeHead(204).end()

function deliver(): void {
  const loop = startWebhookDelivery({
    ...deps,
    invalidations: { subscribe: () => () => true },
    signingKey,
    ownSignatures: new Map([
      ['platform', (message, secrets) => ({ 'x-own-signature': serviceSignature(message, secrets) })],
    ]),
    chance: () => 0.5,
    tell: async (_tx, notice) => void told.push(notice),
    onError: (error) => process.stderr.write(`${String(error)}\n`),
  })
  ends.push(loop.stop)
}

const request = (url: string) => ({ url, description: '', events: ['key.created'] })
const publish = (principal: SystemPrincipal, type = 'key.created') =>
  recordTelemetry(deps, principal, (tx) =>
    publishWebhook(tx, {
      service: 'platform',
      type,
      atMs: systemClock.now(),
      toBody: (id) => ({ id, type }),
    }),
  )

/** Asks until the database says so; the engine writes results down after the receiver has its answer. */
async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise(setImmediate)
}

it('webhook-signatures-verify-with-the-reference-library, under both secrets after a rotation', async () => {
  const org = await newOrg(database.db)
  const receiver = await receive(ok)
  const made = await createWebhookEndpoint(deps, org, request(receiver.url))
  const rotated = await rotateWebhookSecret(deps, org, made.endpoint.id)
  await publish(org)
  await publish(org, 'key.revoked')
  deliver()
  await receiver.until(() => receiver.hits.length === 1)
  const hit = receiver.hits[0]
  for (const secret of [made.secret, rotated.secret])
    expect(new Webhook(secret.reveal()).verify(hit?.body ?? '', hit?.headers ?? {})).toMatchObject({
      id: hit?.id,
    })
  expect(hit?.headers['x-own-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/)
  expect(receiver.hits).toHaveLength(1)
})

it('a receiver that never answers does not delay another', async () => {
  const org = await newOrg(database.db)
  const hanging = await receive(() => undefined)
  const prompt = await receive(ok)
  await createWebhookEndpoint(deps, org, request(hanging.url))
  for (let made = 0; made < 80; made += 1) await publish(org)
  const other = await newOrg(database.db)
  await createWebhookEndpoint(deps, other, request(prompt.url))
  for (let made = 0; made < 20; made += 1) await publish(other)
  deliver()
  await prompt.until(() => prompt.hits.length === 20)
  expect(new Set(prompt.hits.map(({ id }) => id)).size).toBe(20)
})

it('410 disables at once, tells the owners, and enabling sends what was missed', async () => {
  const org = await newOrg(database.db)
  let gone = true
  const receiver = await receive((_hit, response) => void response.writeHead(gone ? 410 : 204).end())
  const { endpoint } = await createWebhookEndpoint(deps, org, request(receiver.url))
  await publish(org)
  deliver()
  await eventually(async () => (await getWebhookEndpoint(deps, org, endpoint.id)).state === 'disabled')
  expect(told.filter(({ orgId }) => orgId === org.orgId)).toEqual([
    { orgId: org.orgId, endpointId: endpoint.id, because: 'gone', percent: 100 },
  ])
  await publish(org)
  gone = false
  expect((await enableWebhookEndpoint(deps, org, endpoint.id)).replayed).toBe(2)
  await receiver.until(() => receiver.hits.length === 3)
})

it('a failed attempt is written down, and a replay keeps the id', async () => {
  const org = await newOrg(database.db)
  const receiver = await receive((_hit, response) => void response.writeHead(302, { location: '/x' }).end())
  const { endpoint } = await createWebhookEndpoint(deps, org, request(receiver.url))
  await publish(org)
  deliver()
  const page = { beforeId: undefined, limit: 10 }
  const first = async () => (await listWebhookDeliveries(deps, org, endpoint.id, page))[0]
  await eventually(async () => (await first())?.attemptsMade === 1)
  const id = (await first())?.id ?? ''
  const delivery = await getWebhookDelivery(deps, org, endpoint.id, id)
  expect(delivery).toMatchObject({ state: 'pending', lastStatus: 302 })
  expect(delivery.attempts).toMatchObject([{ status: 302, error: null }])
  await replayWebhookDelivery(deps, org, endpoint.id, id)
  expect(receiver.hits.every((hit) => hit.id === id)).toBe(true)
})

it('another org sees nothing, and no secret is stored in clear', async () => {
  const org = await newOrg(database.db)
  const stranger = await newOrg(database.db)
  const { endpoint, secret } = await createWebhookEndpoint(deps, org, request('https://198.35.26.96/hook'))
  await expect(getWebhookEndpoint(deps, stranger, endpoint.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const { rows } = await asWriter(deps, (tx) =>
    sql`SELECT * FROM gatehouse.webhook_endpoint WHERE id = ${endpoint.id}`.execute(query(tx)),
  )
  expect(rows).toHaveLength(1)
  expect(JSON.stringify(rows)).not.toContain(secret.reveal().slice(6))
})

it.each([
  'http://198.35.26.96/',
  'https://10.0.0.1/',
  'https://user:pass@198.35.26.96/',
  'https://198.35.26.96:25/',
  'ftp://198.35.26.96/',
])('%s is refused by the name of its field', async (url) => {
  const org = await newOrg(database.db)
  await expect(createWebhookEndpoint(deps, org, request(url))).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    fields: [{ field: 'url' }],
  })
})

it('killed-mid-delivery-still-delivers-once-or-more', async () => {
  const org = await newOrg(database.db)
  let open: ServerResponse[] = []
  let answering = false
  const receiver = await receive((hit, response) => {
    if (answering) ok(hit, response)
    else open.push(response)
  })
  const { endpoint } = await createWebhookEndpoint(deps, org, request(receiver.url))
  for (let made = 0; made < 60; made += 1) await publish(org)
  const start = (aheadMs: number) => {
    const file = fileURLToPath(new URL('./fixtures/run-delivery.ts', import.meta.url))
    const node = spawn(process.execPath, [file, database.url.reveal(), String(aheadMs)], { stdio: 'inherit' })
    onTestFinished(() => void node.kill('SIGKILL'))
    return node
  }
  for (const round of [0, 1, 2]) {
    const before = receiver.hits.length
    const node = start(round * 31_000)
    const wanted = before + 1 + Math.floor(Math.random() * 20)
    await expect.poll(() => receiver.hits.length).toBeGreaterThanOrEqual(wanted)
    // Some have their answer and are not yet written down, the others are still waiting for one.
    for (const response of open.slice(0, 5)) response.writeHead(204).end()
    node.kill('SIGKILL')
    await once(node, 'exit')
    open = []
  }
  answering = true
  const last = start(93_000)
  const isDone = async (): Promise<boolean> => {
    const page = { beforeId: undefined, limit: 100 }
    const all = await listWebhookDeliveries(deps, org, endpoint.id, page)
    return all.length === 60 && all.every(({ state }) => state === 'delivered')
  }
  await expect.poll(isDone).toBe(true)
  last.kill('SIGKILL')
  await once(last, 'exit')
  const ids = new Set(receiver.hits.map(({ id }) => id))
  expect(ids.size).toBe(60)
  expect(receiver.hits.length).toBeGreaterThan(60)
  for (const { id, body } of receiver.hits) expect(JSON.parse(body)).toMatchObject({ id })
})
