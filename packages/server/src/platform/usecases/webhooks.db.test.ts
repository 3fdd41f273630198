import { createLogger } from '@gatehouse/kernel/log'
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  getWebhookDelivery,
  listWebhookEndpoints,
} from '@gatehouse/kernel/webhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { platformEvents } from '../contract/events.ts'
import { mailContext } from '../../mail/testing/mail-context.ts'
import { bindSendWebhookFailing } from '../jobs/send-webhook-failing.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { changeRole } from './change-role.ts'
import { createKey } from './create-key.ts'
import { listWebhookDeliveries } from './list-webhook-deliveries.ts'
import { toWebhookDeps } from './webhook-deps.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())

const wish = {
  url: 'https://receiver.example.com/hook',
  description: '',
  events: Object.keys(platformEvents),
}

it('keys and members are told of in the transaction that changes them, and never with the key', async () => {
  const { deps } = platform
  const owner = await platform.found()
  const { endpoint } = await createWebhookEndpoint(toWebhookDeps(deps), owner, wish)
  const key = await createKey(deps, owner, { service: 'uptime', name: 'CI', scopes: ['read'] })
  const member = await platform.join(owner.orgId, 'member')
  await changeRole(deps, owner, member.userId, 'viewer')
  const first = await listWebhookDeliveries(deps, owner, endpoint.id, { limit: 1 })
  expect(first).toMatchObject({ hasMore: true, deliveries: [{ type: 'member.changed' }] })
  const cursor = first.nextCursor ?? undefined
  const rest = await listWebhookDeliveries(deps, owner, endpoint.id, { limit: 1, cursor })
  expect(rest).toMatchObject({ hasMore: false, nextCursor: null, deliveries: [{ type: 'key.created' }] })
  const id = rest.deliveries[0]?.id ?? ''
  const { body } = await getWebhookDelivery(toWebhookDeps(deps), owner, endpoint.id, id)
  expect(JSON.parse(body)).toMatchObject({
    id,
    type: 'key.created',
    org_id: owner.orgId,
    data: { key_id: key.record.id, key_prefix: key.record.prefix },
  })
  expect(body).not.toContain(key.secret.reveal())
})

it('a cursor of another webhook is refused, and another org sees no webhook', async () => {
  const { deps } = platform
  const [owner, stranger] = [await platform.found(), await platform.found()]
  const { endpoint } = await createWebhookEndpoint(toWebhookDeps(deps), owner, wish)
  await expect(
    listWebhookDeliveries(deps, owner, endpoint.id, { limit: 1, cursor: 'x' }),
  ).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
  await expect(listWebhookDeliveries(deps, stranger, endpoint.id, { limit: 1 })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  expect(await listWebhookEndpoints(toWebhookDeps(deps), stranger)).toEqual([])
})

it.each([
  [50, 'is failing'],
  [100, 'was disabled'],
])('at %i % of five days the owners get a mail', async (percent, words) => {
  const { deps, mails } = platform
  const owner = await platform.found()
  const { endpoint } = await createWebhookEndpoint(toWebhookDeps(deps), owner, wish)
  mails.length = 0
  const notice = { orgId: owner.orgId, endpointId: endpoint.id, because: 'failing', percent }
  await bindSendWebhookFailing(deps).run(notice, mailContext())
  expect(mails).toHaveLength(1)
  expect(mails[0]?.subject).toBe(`[Acme] The webhook to receiver.example.com ${words}`)
})

it('the owners hear of endpoints of every service', async () => {
  const { deps, mails } = platform
  const owner = await platform.found()
  const ofService = { ...toWebhookDeps(deps), service: 'volatility' }
  const { endpoint } = await createWebhookEndpoint(ofService, owner, wish)
  mails.length = 0
  const notice = { orgId: owner.orgId, endpointId: endpoint.id, because: 'gone', percent: 100 }
  await bindSendWebhookFailing(deps).run(notice, mailContext())
  expect(mails.map(({ subject }) => subject)).toEqual([
    '[Acme] The webhook to receiver.example.com was disabled',
  ])
})

it('an endpoint that was deleted meanwhile is told of to nobody, and leaves a line in the log', async () => {
  const { mails } = platform
  const lines: string[] = []
  const log = createLogger('info', { write: (line: string) => void lines.push(line) })
  const deps = { ...platform.deps, log }
  const owner = await platform.found()
  const { endpoint } = await createWebhookEndpoint(toWebhookDeps(deps), owner, wish)
  await deleteWebhookEndpoint(toWebhookDeps(deps), owner, endpoint.id)
  mails.length = 0
  const notice = { orgId: owner.orgId, endpointId: endpoint.id, because: 'failing', percent: 50 }
  await bindSendWebhookFailing(deps).run(notice, mailContext())
  expect(mails).toEqual([])
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { msg: expect.stringContaining('deleted'), orgId: owner.orgId, webhookId: endpoint.id },
  ])
})
