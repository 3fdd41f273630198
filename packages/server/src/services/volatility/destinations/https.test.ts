import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { toAttempt } from '@gatehouse/kernel/delivery'
import { createEgress, noAllowance } from '@gatehouse/kernel/egress'
import { Secret } from '@gatehouse/kernel/secrets'
import { Webhook } from 'standardwebhooks'
import { expect, it } from 'vitest'
import { https } from './https.ts'
import type { ReceiverTools } from './receiver.ts'

/** The known answer of specification 11. */
const known = {
  secret: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  id: 'msg_01JEXAMPLE0000000000000001',
  timestamp: 1_733_041_680,
  body: '{"type":"regime.transition","symbol":"btcusdt","timeframe":"1m","from_regime":"normal","to_regime":"high","ts_ms":1733041680000}',
  standard: 'v1,XfNAxg3oxO4NT4Q7dEs8+aCBIOZOvknbgTtECyd9q4A=',
  own: 't=1733041680,v1=5fc590d9b9fe8a1640956da9f8467538ecf65776f327f6ca6c27efbed0ad2f87',
}

/** What leaves for the URL, and what the receiver said. */
async function send(status: number): Promise<{ headers: Record<string, string>; outcome: string }> {
  let headers: Record<string, string> = {}
  const tools: ReceiverTools = {
    nowMs: known.timestamp * 1_000,
    signal: new AbortController().signal,
    egress: {
      request: async (sent) => {
        headers = { ...sent.headers }
        // Safe: of an answer the kind reads the status and one header.
        return { status, headers: {}, body: undefined } as unknown as Awaited<
          ReturnType<ReceiverTools['egress']['request']>
        >
      },
    },
  }
  const message = {
    id: known.id,
    body: known.body,
    attempt: 2,
    secret: new Secret(known.secret),
    events: [],
    more: 0,
  }
  const { outcome } = await https.open({ url: 'https://example.com/hook' }).attempt(message, tools)
  return { headers, outcome }
}

it('signatures-verify-with-standard-and-stripe-style-libraries', async () => {
  const { headers } = await send(200)
  expect(headers).toMatchObject({
    'webhook-id': known.id,
    'webhook-timestamp': String(known.timestamp),
    'webhook-signature': known.standard,
    'x-amaneki-signature': known.own,
    'x-gatehouse-attempt': '2',
  })
  const { standard, own } = { standard: new Webhook(known.secret), own: headers['x-amaneki-signature'] ?? '' }
  const signature = standard.sign(known.id, new Date(known.timestamp * 1_000), known.body)
  expect(signature).toBe(headers['webhook-signature'])
  // As verifiers in the manner of Stripe do it: over `t.body`, under the text of the whole secret.
  const [, timestamp, given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(own) ?? []
  expect(createHmac('sha256', known.secret).update(`${timestamp}.${known.body}`).digest('hex')).toBe(given)
})

it.each([
  [204, 'accepted'],
  [302, 'again'],
  [404, 'again'],
  [410, 'gone'],
  [500, 'again'],
])('an answer of %i is %s', async (status, outcome) => {
  expect((await send(status)).outcome).toBe(outcome)
  expect(toAttempt('accepted').outcome).toBe('accepted')
})

it.each<[what: string, url: (port: number) => string]>([
  ['is an address of the own network', (port) => `http://127.0.0.1:${port}/hook`],
  ['has a name that came to mean one', (port) => `https://receiver.example.com:${port}/hook`],
])('webhooks-reach-no-forbidden-target: a receiver that %s gets no byte', async (_what, urlOf) => {
  let connections = 0
  const receiver = createServer(() => (connections += 1)).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  // Safe: a server that listens on a port has an address with one.
  const { port } = receiver.address() as AddressInfo
  const egress = createEgress({ allow: noAllowance, resolve: async () => [{ address: '127.0.0.1' }] })
  const message = {
    id: 'msg_1',
    body: '{}',
    attempt: 1,
    secret: new Secret(known.secret),
    events: [],
    more: 0,
  }
  const tools = { nowMs: 0, signal: new AbortController().signal, egress }
  expect(await https.open({ url: urlOf(port) }).attempt(message, tools)).toEqual(
    toAttempt('again', 'target_forbidden'),
  )
  expect(connections).toBe(0)
  egress.close()
  receiver.close()
})
