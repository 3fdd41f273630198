import { toWebhookKeys, verifyWebhook } from '@gatehouse/sdk'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { rotateSecret, withLocalInstance } from '../src/local/index.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { foundSecondOrg, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { type Listener, listenWebhooks, type Received } from './fixtures/sinks.ts'

type Delivery = { readonly id: string; readonly state: string; readonly createdAt: string }
type PublishedKeys = Parameters<typeof toWebhookKeys>[0]

const weekMs = 7 * 86_400_000
const received: Received[] = []
let server: ComposedServer
let sink: Listener
let ann: SignedIn
let bob: SignedIn

beforeAll(async () => {
  sink = await listenWebhooks(received)
  server = await composeServer({ GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${sink.port}` })
  ann = await setUpOwner(server.client, server.ownerToken)
  bob = await foundSecondOrg(server.client, ann)
})
afterAll(async () => {
  await server.stop()
  await sink.stop()
})

async function subscribe(wish: { readonly asymmetric?: boolean } = {}) {
  const { webhook } = await server.client.ask<{
    webhook: { id: string; secret: string; asymmetric: boolean }
  }>('/dashboard/webhooks', {
    credential: ann.accessToken,
    headers: await proveAnew(server.client, ann),
    body: { url: `http://127.0.0.1:${sink.port}/`, events: ['key.created'], ...wish },
  })
  return { ...webhook, path: `/dashboard/webhooks/${webhook.id}` }
}

async function list(path: string): Promise<readonly Delivery[]> {
  const page = await server.client.ask<{ deliveries: Delivery[] }>(`${path}/deliveries`, {
    credential: ann.accessToken,
  })
  return page.deliveries.toReversed()
}

const sentWith = (id: string) => received.filter(({ headers }) => headers['webhook-id'] === id)

async function test(path: string): Promise<Received> {
  const { deliveryId } = await server.client.ask<{ deliveryId: string }>(`${path}/test`, {
    method: 'POST',
    credential: ann.accessToken,
  })
  const stateOf = async () => (await list(path)).find(({ id }) => id === deliveryId)?.state
  await expect.poll(stateOf).toBe('delivered')
  const [hit] = sentWith(deliveryId)
  if (hit === undefined) throw new Error('It says that it was delivered, and nothing came')
  return hit
}

const readKeys = () => server.client.ask<PublishedKeys>('/.well-known/gatehouse-keys.json')
const replay = (path: string, credential: string, fromMs: number, toMs: number) =>
  server.client.send(`${path}/replay`, {
    credential,
    body: { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() },
  })

it('a span is replayed under the ids and with the bytes of before: its start included, its end not', async () => {
  const { path } = await subscribe()
  for (const _ of [1, 2, 3]) {
    await test(path)
    // Two of them in one millisecond would have no moment between them.
    const madeAtMs = Date.parse((await list(path)).at(-1)?.createdAt ?? '')
    await expect.poll(() => Date.now()).toBeGreaterThan(madeAtMs)
  }
  const [first, second, third] = await list(path)
  const [fromMs, toMs] = [Date.parse(second?.createdAt ?? ''), Date.parse(third?.createdAt ?? '')]
  expect(await replay(path, ann.accessToken, fromMs, toMs)).toMatchObject({
    status: 202,
    text: JSON.stringify({ replayed: 1 }),
  })
  await expect.poll(() => sentWith(second?.id ?? '').length).toBe(2)
  const [before, after] = sentWith(second?.id ?? '')
  expect(after?.body).toBe(before?.body)
  expect([sentWith(first?.id ?? ''), sentWith(third?.id ?? '')].map(({ length }) => length)).toEqual([1, 1])
  await expect
    .poll(async () => (await list(path)).map(({ state }) => state))
    .toEqual(['delivered', 'delivered', 'delivered'])
  expect(await replay(path, ann.accessToken, fromMs - 1, fromMs)).toMatchObject({
    text: JSON.stringify({ replayed: 0 }),
  })
})

it('seven days are replayed at once, and a millisecond more is refused by the name of the field', async () => {
  const { path } = await subscribe()
  await test(path)
  const nowMs = Date.now()
  expect((await replay(path, ann.accessToken, nowMs - weekMs, nowMs)).status).toBe(202)
  for (const [fromMs, toMs] of [
    [nowMs - weekMs - 1, nowMs],
    [nowMs, nowMs],
  ] as const) {
    const refused = await replay(path, ann.accessToken, fromMs, toMs)
    expect(refused.status).toBe(400)
    expect(JSON.parse(refused.text)).toMatchObject({
      error: { code: 'VALIDATION_ERROR', message: expect.stringMatching(/^to: /) },
    })
  }
})

it('another organisation replays nothing, and learns nothing', async () => {
  const { path } = await subscribe()
  await test(path)
  const nowMs = Date.now()
  const answer = await replay(path, bob.accessToken, nowMs - weekMs, nowMs)
  expect(answer.status).toBe(404)
})

it('a receiver that reads the published keys verifies what is signed before and after a rotation of them', async () => {
  const { path, secret, asymmetric } = await subscribe({ asymmetric: true })
  expect(asymmetric).toBe(true)
  const before = await test(path)
  const published = await readKeys()
  await verifyWebhook(before.headers, before.body, toWebhookKeys(published))
  await withLocalInstance({ env: server.env, folder: '/', progress: () => undefined }, (local) =>
    rotateSecret(local, server.env, 'signing-key'),
  )
  await expect.poll(async () => (await readKeys()).keys.length).toBe(2)
  const [old = '', current = ''] = toWebhookKeys(await readKeys())
  expect(toWebhookKeys(published)).toEqual([old])
  const isByNewKey = async (): Promise<boolean> => {
    const { headers, body } = await test(path)
    await verifyWebhook(headers, body, secret)
    await verifyWebhook(headers, body, [old, current])
    return verifyWebhook(headers, body, current).then(
      () => true,
      () => false,
    )
  }
  await expect.poll(isByNewKey).toBe(true)
  await verifyWebhook(before.headers, before.body, [old, current])
  await expect(verifyWebhook(before.headers, before.body, current)).rejects.toMatchObject({
    code: 'no_match',
  })
})

it('a webhook that did not ask is signed by its secret alone, and can ask later', async () => {
  const { path, asymmetric } = await subscribe()
  expect(asymmetric).toBe(false)
  const plain = await test(path)
  expect(plain.headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/)
  const { webhook } = await server.client.ask<{ webhook: { asymmetric: boolean } }>(path, {
    method: 'PUT',
    credential: ann.accessToken,
    headers: await proveAnew(server.client, ann),
    body: { asymmetric: true },
  })
  expect(webhook.asymmetric).toBe(true)
  const signed = await test(path)
  expect(signed.headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}= v1a,[A-Za-z0-9+/]{86}==$/)
})
