import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, foundSecondOrg, setUpOwner, type SignedIn } from './fixtures/people.ts'

let server: ComposedServer
let owner: SignedIn

beforeAll(async () => {
  server = await composeServer()
  owner = await setUpOwner(server.client, server.ownerToken)
})
afterAll(() => server.stop())

type Page = Readonly<Record<string, unknown>>

const pagesBy = async (credential: string, path = '/api/v1/services'): Promise<readonly Page[]> => {
  const reply = await server.client.ask<Record<string, readonly Page[]>>(path, { credential })
  return reply['services'] ?? reply['statusPages'] ?? []
}

const theDefault = {
  isDefault: 1,
  isPublic: 0,
  access: 'members',
  customDomain: null,
  customDomainStatus: null,
  maintenanceUntil: null,
}

it('an org is born with its default page', async () => {
  const key = await createKey(server.client, owner)
  const pages = await pagesBy(key)
  expect(pages).toMatchObject([{ ...theDefault, name: 'Acme', teamId: owner.user.teamId }])
  expect(await pagesBy(owner.accessToken, '/dashboard/services')).toEqual(pages)
  expect(await pagesBy(key, '/api/v1/status-pages')).toEqual(pages)
  const { monitor } = await server.client.ask<{ monitor: { serviceId: string } }>('/api/v1/monitors', {
    credential: key,
    body: { type: 'heartbeat', config: {} },
  })
  expect(monitor.serviceId).toBe(pages[0]?.['id'])
  expect(await pagesBy(key)).toHaveLength(1)
})

it('so is a second org, and neither sees the page of the other', async () => {
  const other = await foundSecondOrg(server.client, owner)
  const others = await pagesBy(await createKey(server.client, other))
  expect(others).toMatchObject([{ ...theDefault, name: 'Other', teamId: other.user.teamId }])
})

it('its birth stands in the chain, beside that of the org', async () => {
  const { auditLogs } = await server.client.ask<{ auditLogs: readonly { eventType: string }[] }>(
    '/dashboard/audit-logs',
    { credential: owner.accessToken },
  )
  const actions = auditLogs.map(({ eventType }) => eventType)
  expect(actions.filter((action) => action === 'status_page.create')).toHaveLength(1)
  expect(actions).toContain('org.create')
})
