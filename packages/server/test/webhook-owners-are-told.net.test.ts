import type { DeliveryLoop } from '@gatehouse/kernel/delivery'
import { ensurePartitions, kernelPartitions } from '@gatehouse/kernel/db'
import { createEgress, parseEgressAllowance } from '@gatehouse/kernel/egress'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import {
  createWebhookEndpoint,
  enableWebhookEndpoint,
  getWebhookEndpoint,
  listWebhookDeliveries,
  startWebhookDelivery,
  testWebhookEndpoint,
} from '@gatehouse/kernel/webhooks'
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tellWebhookOwners } from '../src/platform/index.ts'
import { runQueue } from '../src/platform/testing/run-queue.ts'
import { startTestPlatform, type TestPlatform } from '../src/platform/testing/test-platform.ts'
import { toWebhookDeps } from '../src/platform/usecases/webhook-deps.ts'
import { type Listener, listenHttp } from './fixtures/sinks.ts'

let platform: TestPlatform
let receiver: Listener
let loop: DeliveryLoop
let answer = 500
const markMs = (percent: number) => (5 * 86_400_000 * percent) / 100

beforeAll(async () => {
  const egress = createEgress({ allow: parseEgressAllowance('127.0.0.0/8') })
  platform = await startTestPlatform({ egress })
  const { deps, clock, database } = platform
  await ensurePartitions(database.db, kernelPartitions, clock.now())
  receiver = await listenHttp((_request, response) => response.writeHead(answer).end())
  loop = startWebhookDelivery({
    db: deps.db,
    clock,
    sealer: deps.sealer,
    egress,
    signingKey: generateKeyPairSync('ed25519'),
    invalidations: { subscribe: () => () => true },
    ownSignatures: new Map(),
    chance: () => 0.5,
    tell: tellWebhookOwners,
    onError: (error) => process.stderr.write(`${String(error)}\n`),
  })
})
afterAll(async () => {
  await loop.stop()
  await receiver.stop()
  await platform.database.drop()
})

async function foundWithHook() {
  const owner = await platform.found()
  const own = toWebhookDeps(platform.deps)
  const url = `http://127.0.0.1:${receiver.port}/`
  const { endpoint } = await createWebhookEndpoint(own, owner, {
    url,
    description: '',
    events: ['key.created'],
  })
  return { owner, own, id: endpoint.id }
}

type Hook = Awaited<ReturnType<typeof foundWithHook>>

/** One more message, and its first attempt written down. */
async function attempt({ owner, own, id }: Hook): Promise<void> {
  const deliveryId = await testWebhookEndpoint(own, owner, id, () => ({}))
  const isMade = async () => {
    const all = await listWebhookDeliveries(own, owner, id, { beforeId: undefined, limit: 100 })
    return all.find((one) => one.id === deliveryId)?.lastStatus
  }
  await expect.poll(isMade).toBe(answer)
}

async function toldNow({ userId }: MemberPrincipal): Promise<string[]> {
  platform.mails.length = 0
  await runQueue(platform.deps)
  return platform.mails
    .filter(({ to }) => to.toLowerCase() === `${userId.toLowerCase()}@example.com`)
    .map(({ subject, text }) => `${subject} ${/(\d+)%/.exec(text)?.[1] ?? ''}`.trim())
}

it('owners are told once at 50, 70 and 90 % of five days, not a millisecond before, and of the end at 100 %', async () => {
  const hook = await foundWithHook()
  const { owner, own, id } = hook
  const startMs = platform.clock.now()
  await attempt(hook)
  for (const percent of [50, 70, 90]) {
    platform.clock.set(startMs + markMs(percent) - 1)
    await attempt(hook)
    expect(await toldNow(owner)).toEqual([])
    platform.clock.set(startMs + markMs(percent))
    await attempt(hook)
    await attempt(hook)
    expect(await toldNow(owner)).toEqual([
      `[Acme] The webhook to 127.0.0.1:${receiver.port} is failing ${percent}`,
    ])
  }
  platform.clock.set(startMs + markMs(100) - 1)
  await attempt(hook)
  expect(await getWebhookEndpoint(own, owner, id)).toMatchObject({
    state: 'enabled',
    failingSinceMs: startMs,
  })
  platform.clock.set(startMs + markMs(100))
  await attempt(hook)
  expect(await getWebhookEndpoint(own, owner, id)).toMatchObject({
    state: 'disabled',
    disabledBecause: 'failing',
  })
  expect(await toldNow(owner)).toEqual([`[Acme] The webhook to 127.0.0.1:${receiver.port} was disabled`])
  await expect(testWebhookEndpoint(own, owner, id, () => ({}))).rejects.toMatchObject({
    code: 'WEBHOOK_DISABLED',
  })

  answer = 204
  const { replayed } = await enableWebhookEndpoint(own, owner, id)
  const delivered = async () => {
    const all = await listWebhookDeliveries(own, owner, id, { beforeId: undefined, limit: 100 })
    return all.filter(({ state }) => state === 'delivered').length
  }
  await expect.poll(delivered).toBe(12)
  expect(replayed).toBe(12)
  expect(await getWebhookEndpoint(own, owner, id)).toMatchObject({ state: 'enabled', failingSinceMs: null })
})

it('one success begins the five days anew', async () => {
  const hook = await foundWithHook()
  const startMs = platform.clock.now()
  answer = 500
  await attempt(hook)
  platform.clock.set(startMs + markMs(49))
  answer = 204
  await attempt(hook)
  answer = 500
  platform.clock.set(startMs + markMs(51))
  await attempt(hook)
  expect(await toldNow(hook.owner)).toEqual([])
  platform.clock.set(startMs + markMs(101))
  await attempt(hook)
  expect(await toldNow(hook.owner)).toEqual([
    `[Acme] The webhook to 127.0.0.1:${receiver.port} is failing 50`,
  ])
})
