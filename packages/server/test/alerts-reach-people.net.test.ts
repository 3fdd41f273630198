import { afterAll, beforeAll, expect, it } from 'vitest'
import { toStamps } from '../src/services/oversight/testing/stamps.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { type Listener, listenWebhooks, type Received } from './fixtures/sinks.ts'

const received: Received[] = []
let server: ComposedServer
let sink: Listener
let ann: SignedIn

beforeAll(async () => {
  sink = await listenWebhooks(received)
  server = await composeServer({ GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${sink.port}` })
  ann = await setUpOwner(server.client, server.ownerToken)
})
afterAll(async () => {
  await server.stop()
  await sink.stop()
})

it('an alert of one service reaches the channels of another and every webhook, and names nobody', async () => {
  const credential = ann.accessToken
  const { client } = server
  await client.ask('/dashboard/notification-channels', {
    credential,
    headers: await proveAnew(client, ann),
    body: {
      type: 'webhook',
      name: 'on call',
      isDefault: true,
      config: { url: `http://127.0.0.1:${sink.port}/channel`, secret: 'a secret of our own, long enough' },
    },
  })
  await client.ask('/dashboard/webhooks', {
    credential,
    headers: await proveAnew(client, ann),
    body: { url: `http://127.0.0.1:${sink.port}/hook`, events: ['oversight.rubber_stamping'] },
  })
  const key = await createKey(client, ann, 'oversight')
  await client.ask('/v1/score/batch', {
    headers: { 'x-api-key': key },
    body: {
      session_id: 'stamps',
      operator_id: 'somebody',
      domain: 'financial',
      interactions: toStamps(60),
    },
  })
  const told = () => received.map(({ body }) => JSON.parse(body) as { event: string; title?: string })
  await expect
    .poll(
      () =>
        told()
          .map(({ event }) => event)
          .toSorted(),
      { timeout: 60_000, interval: 200 },
    )
    .toEqual(['alert.opened', 'alert.opened', 'oversight.rubber_stamping'])
  expect(told().find(({ event }) => event === 'oversight.rubber_stamping')).toMatchObject({
    id: expect.stringMatching(/^evt_/) as string,
    type: 'oversight.rubber_stamping',
    org_id: ann.user.teamId,
    data: { operator_id: null, domain: 'financial', share: 1, n: 60 },
  })
  expect(
    told()
      .flatMap(({ title }) => title ?? [])
      .toSorted(),
  ).toEqual([
    'Advice is accepted unread: one operator, financial',
    'Independence below the threshold: one operator, financial',
  ])
  expect(JSON.stringify(received)).not.toContain('somebody')
})
