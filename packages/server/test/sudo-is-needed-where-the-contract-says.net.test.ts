import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

let server: ComposedServer
let owner: SignedIn

beforeAll(async () => {
  server = await composeServer({ GATEHOUSE_ADMINS: 'ann@example.com' })
  owner = await setUpOwner(server.client, server.ownerToken)
})
afterAll(() => server.stop())

/** What S7 names: keys, devices, members, webhooks, allowed origins and factors, and taking everything away; and what reaches into other organisations. */
const lastingHarm = [
  'createApiKey',
  'updateApiKey',
  'rotateApiKey',
  'revokeApiKey',
  'approveDevice',
  'createWebhook',
  'updateWebhook',
  'deleteWebhook',
  'enableWebhook',
  'rotateWebhookSecret',
  'updateTeam',
  'deleteTeam',
  'changeRole',
  'removeMember',
  'createInvitation',
  'createMemberResetLink',
  'adminCreateResetLink',
  'enrolTotp',
  'confirmTotp',
  'beginPasskey',
  'addPasskey',
  'deleteFactor',
  'renewRecoveryCodes',
  'setKeyCeiling',
  'dashboardStartCheckout',
  'dashboardOpenBillingPortal',
  'adminSuspendOrg',
  'adminRevokeApiKey',
]

const guarded = () =>
  server.services.flatMap(({ endpoints }) =>
    endpoints.flatMap(({ endpoint: { access, id, method, path } }) =>
      access.kind === 'session' ? [{ id, method, path, sudo: access.sudo === true }] : [],
    ),
  )

it('sudo-is-needed-where-the-contract-says, which is wherever lasting harm can be done', () => {
  const asked = guarded().flatMap(({ id, sudo }) => (sudo ? [id] : []))
  expect(asked).toEqual(expect.arrayContaining(lastingHarm))
})

it('sudo-is-needed-where-the-contract-says, and nowhere else', async () => {
  const { client } = server
  for (const { id, method, path, sudo } of guarded()) {
    // What changes something without a proof could end this very session.
    if (!sudo && method !== 'GET') continue
    server.passMinute()
    const url = path.replaceAll(/\{\w+\}/g, '01ARZ3NDEKTSV4RRFFQ69G5FAV')
    const call = { method, credential: owner.accessToken }
    const forged = { 'x-sudo-token': owner.accessToken }
    const answers = [await client.send(url, call), await client.send(url, { ...call, headers: forged })]
    const isRefused = answers.map(({ status, text }) => status === 403 && text.includes('SUDO_REQUIRED'))
    expect({ id, isRefused }).toEqual({ id, isRefused: [sudo, sudo] })
  }
})

it('sudo-is-needed-where-the-contract-says: a fresh proof opens its own session and no other of the same person', async () => {
  const { client } = server
  const headers = await proveAnew(client, owner)
  const body = { name: 'ci', service: 'uptime', scopes: ['read'] }
  const path = '/dashboard/api-keys'
  expect((await client.send(path, { credential: owner.accessToken, headers, body })).status).toBe(201)
  const account = { email: 'ann@example.com', password: 'canary battery staple 7' }
  const other = await client.ask<SignedIn>('/auth/login', { body: account })
  const elsewhere = await client.send(path, { credential: other.accessToken, headers, body })
  expect(elsewhere.status).toBe(403)
})
