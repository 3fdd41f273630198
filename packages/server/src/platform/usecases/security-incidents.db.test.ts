import { createWebhookEndpoint, getWebhookDelivery } from '@gatehouse/kernel/webhooks'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { asGate } from '@gatehouse/kernel/db'
import { openSession } from '@gatehouse/kernel/sessions'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newPerson } from '../testing/secured-person.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { listWebhookDeliveries } from './list-webhook-deliveries.ts'
import { refreshSession } from './refresh-session.ts'
import { verifySudo } from './sudo.ts'
import { toWebhookDeps } from './webhook-deps.ts'

let platform: TestPlatform
const visit = { ip: '198.51.100.7', userAgent: 'thief' }
const url = 'https://receiver.example.com/hook'

beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())

async function subscribe(owner: MemberPrincipal): Promise<string> {
  const own = toWebhookDeps(platform.deps)
  const request = { url, description: '', events: ['security.incident'] }
  return (await createWebhookEndpoint(own, owner, request)).endpoint.id
}

async function heard(owner: MemberPrincipal, endpointId: string): Promise<string[]> {
  const { deps } = platform
  const { deliveries } = await listWebhookDeliveries(deps, owner, endpointId, { limit: 10 })
  return Promise.all(
    deliveries.map(
      async ({ id }) => (await getWebhookDelivery(toWebhookDeps(deps), owner, endpointId, id)).body,
    ),
  )
}

it('a late replay that ends a family of sessions is told to the org: what, when and who, and no more', async () => {
  const { deps, clock } = platform
  const [owner, stranger] = [await platform.found(), await platform.found()]
  const [hook, other] = [await subscribe(owner), await subscribe(stranger)]
  const { refreshToken: opened } = await asGate(deps, (tx) =>
    openSession(tx, { ...visit, userId: owner.userId, orgId: owner.orgId }, clock.now()),
  )
  const token = opened.reveal()
  await refreshSession(deps, token, visit)
  clock.advance(10_000)
  await expect(refreshSession(deps, token, visit)).rejects.toMatchObject({ code: 'REFRESH_SUPERSEDED' })
  expect(await heard(owner, hook)).toEqual([])
  clock.advance(1)
  await expect(refreshSession(deps, token, visit)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  await expect(refreshSession(deps, token, visit)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  const [body = '', ...more] = await heard(owner, hook)
  expect(more).toEqual([])
  const at = new Date(clock.now()).toISOString()
  expect(JSON.parse(body)).toEqual({
    id: expect.stringMatching(/^evt_/),
    event: 'security.incident',
    type: 'security.incident',
    created_at: at,
    org_id: owner.orgId,
    data: { kind: 'refresh_token_replayed', at, user_id: owner.userId },
  })
  expect(await heard(stranger, other)).toEqual([])
})

it('the proof that locks sudo is told once; those before it and those refused after it are not', async () => {
  const { deps, clock } = platform
  const { member } = await newPerson(platform)
  const hook = await subscribe(member)
  const fail = () => expect(verifySudo(deps, member, { password: 'something else' })).rejects.toThrow()
  for (let failed = 0; failed < 4; failed += 1) await fail()
  expect(await heard(member, hook)).toEqual([])
  await fail()
  const at = new Date(clock.now()).toISOString()
  await fail()
  const [body = '', ...more] = await heard(member, hook)
  expect(more).toEqual([])
  expect(JSON.parse(body)).toMatchObject({
    type: 'security.incident',
    data: { kind: 'sudo_locked', at, user_id: member.userId },
  })
  expect(body).not.toContain('something else')
})

it('an incident whose entry cannot be written is not told either', async () => {
  const { deps } = platform
  const { member } = await newPerson(platform)
  const hook = await subscribe(member)
  const audit = { ...deps.audit, append: () => Promise.reject(new Error('The chain is closed')) }
  for (let failed = 0; failed < 4; failed += 1)
    await expect(verifySudo(deps, member, { password: 'wrong' })).rejects.toMatchObject({
      code: 'PROOF_REFUSED',
    })
  await expect(verifySudo({ ...deps, audit }, member, { password: 'wrong' })).rejects.toThrow(
    'The chain is closed',
  )
  expect(await heard(member, hook)).toEqual([])
})
