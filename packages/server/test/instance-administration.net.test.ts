import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { describeModules } from '../src/openapi.ts'
import type { Answer, Call, Client } from './fixtures/client.ts'
import { type ComposedNodes, composeNodes } from './fixtures/compose-nodes.ts'
import { createKey, foundSecondOrg, join, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

let nodes: ComposedNodes
let client: Client
/** Named by the operator, and let in by the operator's link. */
let ann: SignedIn
/** Owns the organisation that is administered. Named, too; but only an invitation let him claim that address. */
let bob: SignedIn
let bobsKey: string
let asAnn: Call

const uniform = async (): Promise<string> => (await client.send('/dashboard/me')).text
/** Ends what never comes; how soon it comes is a figure of the benchmarks. */
const patience = { timeout: 60_000, interval: 20 }

beforeAll(async () => {
  // Without a Valkey: nothing here depends on how limits are counted.
  const admitNode = async () => ({ isHeld: () => true, stop: () => undefined })
  nodes = await composeNodes(2, { GATEHOUSE_ADMINS: 'Ann@example.com,member@example.com' }, { admitNode })
  const [first] = nodes.clients
  if (first === undefined) throw new Error('No node was started')
  client = first
  ann = await setUpOwner(client, nodes.ownerToken)
  bob = await foundSecondOrg(client, await join(client, ann, 'member'))
  bobsKey = await createKey(client, bob)
  asAnn = { credential: ann.accessToken, headers: await proveAnew(client, ann) }
})
afterAll(() => nodes.stop())
// Walks over every operation take a good part of what a person may ask in a minute.
afterEach(() => nodes.passMinute())

const ofAdministration = describeModules().flatMap(({ endpoints }) =>
  endpoints.flatMap((endpoint) => (endpoint.path.startsWith('/admin/') ? [endpoint] : [])),
)

const fill = (path: string): string =>
  path.replace('{id}', bob.user.teamId).replace('{keyId}', '01ARZ3NDEKTSV4RRFFQ69G5FAV')

it('everything under /admin asks for a session of an administrator and a fresh proof, and nothing else does', () => {
  expect(ofAdministration.length).toBeGreaterThan(5)
  for (const { access } of ofAdministration)
    expect(access).toMatchObject({ kind: 'session', instanceAdmin: true, sudo: true })
  const elsewhere = describeModules().flatMap(({ endpoints }) =>
    endpoints.flatMap(({ access, path }) =>
      access.kind === 'session' && access.instanceAdmin === true && !path.startsWith('/admin/') ? [path] : [],
    ),
  )
  expect(elsewhere).toEqual([])
})

it('for whoever is no administrator there is nothing under /admin, in the words of a path that does not exist', async () => {
  const headers = await proveAnew(client, bob)
  const nothing = await client.send('/admin/nothing', { credential: bob.accessToken })
  expect(nothing.status).toBe(404)
  for (const { method, path } of ofAdministration)
    for (const call of [{}, { headers }]) {
      const answer = await client.send(fill(path), { method, credential: bob.accessToken, ...call })
      const { status, text } = answer
      expect({ method, path, status, text }).toEqual({ method, path, status: 404, text: nothing.text })
    }
})

it('everybody is told whether they administer, and nothing of others', async () => {
  for (const [{ accessToken }, instanceAdmin] of [[ann, true] as const, [bob, false] as const])
    expect(await client.ask('/dashboard/me', { credential: accessToken })).toMatchObject({ instanceAdmin })
})

it('an API key never administers, and gets the uniform 401', async () => {
  const key = await createKey(client, ann)
  const refused = await uniform()
  for (const { method, path } of ofAdministration) {
    const { status, text } = await client.send(fill(path), { method, credential: key })
    expect({ method, path, status, text }).toEqual({ method, path, status: 401, text: refused })
  }
})

it('an administrator proves themselves anew first', async () => {
  for (const { method, path } of ofAdministration) {
    const { status, text } = await client.send(fill(path), { method, credential: ann.accessToken })
    expect({ method, path, status }).toEqual({ method, path, status: 403 })
    expect(text).toContain('SUDO_REQUIRED')
  }
})

type Org = { readonly id: string; readonly suspendedAt: string | null; readonly members: number }

it('organisations are found by name and id, page by page, with their people and keys counted', async () => {
  const list = (query: string) =>
    client.ask<{ orgs: Org[]; nextCursor: string | null; hasMore: boolean }>(`/admin/orgs?${query}`, asAnn)
  const first = await list('limit=1')
  expect(first).toMatchObject({ hasMore: true, orgs: [{ id: bob.user.teamId, members: 1, apiKeys: 1 }] })
  const second = await list(`limit=1&cursor=${first.nextCursor}`)
  expect(second).toMatchObject({
    hasMore: false,
    nextCursor: null,
    orgs: [{ id: ann.user.teamId, members: 2 }],
  })
  for (const search of ['OTHE', bob.user.teamId])
    expect((await list(`search=${search}`)).orgs).toMatchObject([{ id: bob.user.teamId }])
  expect((await list('search=nobody')).orgs).toEqual([])
  expect(await client.ask(`/admin/orgs/${bob.user.teamId}`, asAnn)).toMatchObject({
    org: { name: 'Other', owners: ['member@example.com'], suspendedBecause: null },
  })
  const forged = await client.send('/admin/orgs?cursor=forged', asAnn)
  expect({ status: forged.status, names: forged.text.includes('cursor') }).toEqual({
    status: 400,
    names: true,
  })
})

it.each(['7a3d0e0c-5a0b-4bb5-9d3b-0d8a7c1f2e3d', '00000000-0000-4000-8000-000000000000', 'no-id'])(
  'an organisation that is none of a customer is not found: %s',
  async (id) => {
    const body = { reason: 'abuse' }
    expect((await client.send(`/admin/orgs/${id}`, asAnn)).status).toBe(404)
    expect((await client.send(`/admin/orgs/${id}/suspend`, { ...asAnn, body })).status).toBe(404)
  },
)

it('a suspended organisation is refused by every node, in the words of any refusal, and served again once restored', async () => {
  const everywhere = (credential: string, path: string): Promise<readonly Answer[]> =>
    Promise.all(nodes.clients.map((node) => node.send(path, { credential })))
  const doors = [
    [bobsKey, '/api/v1/monitors'],
    [bob.accessToken, '/dashboard/team'],
  ] as const
  const expectEverywhere = async (status: number, words?: string): Promise<void> => {
    for (const [credential, path] of doors)
      for (const answer of await everywhere(credential, path)) {
        expect(answer.status).toBe(status)
        if (words !== undefined) expect(answer.text).toBe(words)
      }
  }
  // Every node has proven both, and remembers them.
  await expectEverywhere(200)
  const { org } = await client.ask<{ org: Org }>(`/admin/orgs/${bob.user.teamId}/suspend`, {
    ...asAnn,
    body: { reason: 'Sends spam' },
  })
  expect(org).toMatchObject({ id: bob.user.teamId, suspendedBecause: 'Sends spam' })
  expect(org.suspendedAt).not.toBeNull()
  const refused = await uniform()
  await vi.waitFor(() => expectEverywhere(401, refused), patience)
  const listed = await client.ask<{ orgs: Org[] }>('/admin/orgs?suspended=true', asAnn)
  expect(listed.orgs.map(({ id }) => id)).toEqual([bob.user.teamId])
  const restored = await client.ask<{ org: Org }>(`/admin/orgs/${bob.user.teamId}/restore`, {
    ...asAnn,
    method: 'POST',
  })
  expect(restored.org).toMatchObject({ suspendedAt: null, suspendedBecause: null })
  await vi.waitFor(() => expectEverywhere(200), patience)
})

it('what was done is in the chain of that organisation, under the name of who did it', async () => {
  const { auditLogs } = await client.ask<{ auditLogs: unknown[] }>('/dashboard/audit-logs?action=org.', {
    credential: bob.accessToken,
  })
  expect(auditLogs).toMatchObject([
    { eventType: 'org.restore', userId: ann.user.id },
    { eventType: 'org.suspend', userId: ann.user.id, details: { reason: 'Sends spam' } },
    { eventType: 'org.inspect', userId: ann.user.id },
    { eventType: 'org.create' },
  ])
})

it('an administrator does not suspend the organisation that they act in', async () => {
  const call = { ...asAnn, body: { reason: 'by mistake' } }
  const { status, text } = await client.send(`/admin/orgs/${ann.user.teamId}/suspend`, call)
  expect({ status, isNamed: text.includes('OWN_ORG') }).toEqual({ status: 409, isNamed: true })
})

it('a key is revoked from above, only in its own organisation, and the refusals that follow are listed with their reason', async () => {
  const { apiKeys } = await client.ask<{ apiKeys: { id: string; keyPrefix: string }[] }>(
    `/admin/orgs/${bob.user.teamId}/api-keys`,
    asAnn,
  )
  expect(apiKeys).toHaveLength(1)
  const [key] = apiKeys
  const revoke = (orgId: string) =>
    client.send(`/admin/orgs/${orgId}/api-keys/${key?.id}`, { ...asAnn, method: 'DELETE' })
  expect((await revoke(ann.user.teamId)).status).toBe(404)
  expect((await revoke(bob.user.teamId)).status).toBe(200)
  await vi.waitFor(async () => {
    const answers = await Promise.all(
      nodes.clients.map((node) => node.send('/api/v1/monitors', { credential: bobsKey })),
    )
    expect(answers.map(({ status }) => status)).toEqual([401, 401])
  }, patience)
  await vi.waitFor(async () => {
    const { refusals } = await client.ask<{ refusals: { reason: string }[] }>(
      '/admin/refusals?limit=100',
      asAnn,
    )
    const ofKey = { orgId: bob.user.teamId, keyPrefix: key?.keyPrefix, route: 'GET /api/v1/monitors' }
    expect(refusals).toContainEqual(expect.objectContaining({ ...ofKey, reason: 'revoked' }))
    expect(refusals).toContainEqual(expect.objectContaining({ ...ofKey, reason: 'org_suspended' }))
    expect(refusals).toContainEqual(expect.objectContaining({ orgId: null, reason: 'credential_missing' }))
  })
  const first = await client.ask<{ nextCursor: string; refusals: unknown[] }>(
    '/admin/refusals?limit=1',
    asAnn,
  )
  const second = await client.ask<{ refusals: unknown[] }>(
    `/admin/refusals?limit=1&cursor=${first.nextCursor}`,
    asAnn,
  )
  expect(second.refusals).toHaveLength(1)
  expect(second.refusals).not.toEqual(first.refusals)
})

it('refused-calls-are-searched: by their reason, and by the whole of a key, an address or an organisation', async () => {
  type Found = { orgId: string | null; orgName: string | null; keyPrefix: string | null; reason: string }
  const find = async (filter: Readonly<Record<string, string>>): Promise<readonly Found[]> =>
    (
      await client.ask<{ refusals: Found[] }>(
        `/admin/refusals?${new URLSearchParams({ limit: '100', ...filter }).toString()}`,
        asAnn,
      )
    ).refusals
  const org = `/admin/orgs/${bob.user.teamId}/api-keys`
  const text = await createKey(client, bob)
  const { apiKeys } = await client.ask<{ apiKeys: { id: string; keyPrefix: string }[] }>(org, asAnn)
  const made = apiKeys.find((one) => text.startsWith(one.keyPrefix))
  const keyPrefix = made?.keyPrefix ?? ''
  await client.ask(`${org}/${made?.id}`, { ...asAnn, method: 'DELETE' })
  await vi.waitFor(async () => {
    await client.send('/api/v1/monitors', { credential: text })
    await client.send('/api/v1/monitors')
    expect((await find({ search: keyPrefix, reason: 'revoked' })).length).toBeGreaterThan(0)
    expect((await find({ reason: 'credential_missing' })).length).toBeGreaterThan(0)
  }, patience)
  // Entries come in while others are read: each answer is judged by itself.
  const revoked = await find({ reason: 'revoked' })
  expect(new Set(revoked.map(({ reason }) => reason))).toEqual(new Set(['revoked']))
  const ofKey = await find({ search: keyPrefix })
  expect(new Set(ofKey.map((one) => one.keyPrefix))).toEqual(new Set([keyPrefix]))
  expect(ofKey.every(({ orgId, orgName }) => orgId === bob.user.teamId && orgName !== null)).toBe(true)
  const ofOrg = await find({ search: bob.user.teamId.toUpperCase() })
  expect(new Set(ofOrg.map(({ orgId }) => orgId))).toEqual(new Set([bob.user.teamId]))
  // A part of a key finds nothing, and neither does what would be a pattern.
  for (const search of [keyPrefix.slice(0, -1), '%', '","reason":"revoked'])
    expect(await find({ search })).toEqual([])
  expect((await client.send('/admin/refusals?search=', asAnn)).status).toBe(400)
})
