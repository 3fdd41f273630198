import { Readable } from 'node:stream'
import { decideWithin, query } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Call, Client } from './fixtures/client.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, join, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { unpackArchive } from './fixtures/unpack-archive.ts'

let server: ComposedServer
let client: Client
let ann: SignedIn
let sudo: Readonly<Record<string, string>>

beforeAll(async () => {
  server = await composeServer()
  client = server.client
  ann = await setUpOwner(client, server.ownerToken)
  sudo = await proveAnew(client, ann)
})
afterAll(() => server.stop())

const asAnn = (call: Call = {}): Call => ({ credential: ann.accessToken, headers: sudo, ...call })

it('an owner takes everything along, who has just proven themselves, and nobody else does', async () => {
  const bob = await join(client, ann, 'member')
  const path = '/dashboard/team/export'
  expect((await client.send(path, { credential: bob.accessToken })).status).toBe(403)
  expect((await client.send(path, { credential: ann.accessToken })).status).toBe(403)
  const response = await fetch(`${server.origin}${path}`, {
    headers: { authorization: `Bearer ${ann.accessToken}`, ...sudo },
  })
  expect(response.headers.get('content-disposition')).toBe(
    `attachment; filename="org-${ann.user.teamId}.tar.gz"`,
  )
  const files = await unpackArchive(Readable.from([Buffer.from(await response.arrayBuffer())]))
  expect(files.get('tables/platform.membership.ndjson')?.toString('utf8')).toContain(bob.user.id)
  expect([...files.keys()].at(-1)).toBe('manifest.json')
})

it('a deletion is shown wherever the organisation is, until it is taken back', async () => {
  const shown = async () => {
    const { data } = await client.ask<{ data: { deletionScheduledAt: string | null } }>(
      '/dashboard/team',
      asAnn(),
    )
    const { teams } = await client.ask<{ teams: { deletionScheduledAt: string | null }[] }>(
      '/dashboard/me',
      asAnn(),
    )
    return [data.deletionScheduledAt, ...teams.map((team) => team.deletionScheduledAt)]
  }
  const { deletionScheduledAt } = await client.ask<{ deletionScheduledAt: string }>(
    '/dashboard/team',
    asAnn({ method: 'DELETE' }),
  )
  expect(await shown()).toEqual([deletionScheduledAt, deletionScheduledAt])
  await client.ask('/dashboard/team/cancel-deletion', asAnn({ method: 'POST' }))
  expect(await shown()).toEqual([null, null])
})

it('whoever asks who they are hears of their orgs, the active one, their factors, and since when tokens count anew', async () => {
  const cy = await join(client, ann, 'viewer')
  const look = (credential: string) => client.ask<Record<string, unknown>>('/dashboard/me', { credential })
  expect(await look(cy.accessToken)).toMatchObject({
    user: { id: cy.user.id, email: 'viewer@example.com' },
    teams: [{ id: cy.user.teamId, role: 'viewer' }],
    teamId: cy.user.teamId,
    role: 'viewer',
    factors: [],
    epoch: null,
  })
  const beforeMs = Date.now()
  await client.ask(
    `/dashboard/team/members/${cy.user.id}`,
    asAnn({ method: 'PUT', body: { role: 'member' } }),
  )
  const { accessToken } = await client.ask<SignedIn>('/auth/refresh', {
    body: { refreshToken: cy.refreshToken },
  })
  const me = await look(accessToken)
  expect(me).toMatchObject({ role: 'member', epoch: expect.any(String) })
  expect(Date.parse(String(me['epoch']))).toBeGreaterThanOrEqual(beforeMs)
})

it('keys and sessions are dead within a second of the end, whatever a node remembered', async () => {
  const key = await createKey(client, ann)
  const useKey = async () => (await client.send('/api/v1/monitors', { credential: key })).status
  const useSession = async () => (await client.send('/dashboard/team', asAnn())).status
  expect([await useKey(), await useSession()]).toEqual([200, 200])
  const principal = { kind: 'system', orgId: ann.user.teamId, because: 'test' } as const
  await decideWithin(server, principal, (tx) =>
    sql`UPDATE gatehouse.org SET deletion_scheduled_at = now() WHERE org_id = ${tx.orgId}`.execute(query(tx)),
  )
  const due = server.services
    .flatMap(({ recurring }) => recurring)
    .find(({ name }) => name === 'platform.erase-orgs')
  await due?.run({ signal: new AbortController().signal })
  await expect.poll(useKey).toBe(401)
  await expect.poll(useSession).toBe(401)
})
