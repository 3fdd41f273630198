import type { BoundEndpoint } from '@gatehouse/kernel/endpoint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { join, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

let server: ComposedServer
let owner: SignedIn
let viewer: SignedIn
let readKey: string

beforeAll(async () => {
  server = await composeServer()
  const { client } = server
  owner = await setUpOwner(client, server.ownerToken)
  viewer = await join(client, owner, 'viewer')
  const { apiKey } = await client.ask<{ apiKey: { key: string } }>('/dashboard/api-keys', {
    credential: owner.accessToken,
    headers: await proveAnew(client, owner),
    body: { name: 'reads', service: 'uptime', scopes: ['read'], rateLimit: 100_000 },
  })
  readKey = apiKey.key
})
afterAll(() => server.stop())

/** Of one's own account and sessions, and what makes or leaves an organisation of one's own. */
const ownAffairs = [
  'addPasskey',
  'beginPasskey',
  'cancelDeletion',
  'changeEmail',
  'changePassword',
  'confirmTotp',
  'createTeam',
  'deleteAccount',
  'deleteFactor',
  'endSession',
  'enrolTotp',
  'logOut',
  'logOutEverywhere',
  'prepareSudo',
  'removeMember',
  'renewRecoveryCodes',
  'requestDeletionCode',
  'sendVerificationAgain',
  'switchTeam',
  'verifySudo',
]

type Listed = BoundEndpoint['endpoint']

const writes = (isChosen: (access: Listed['access']) => boolean): readonly Listed[] =>
  server.services.flatMap(({ endpoints }) =>
    endpoints
      .map(({ endpoint }) => endpoint)
      .filter(({ access, method }) => method !== 'GET' && method !== 'HEAD' && isChosen(access)),
  )

/** The path with an id that a handler would look for, were it ever asked. */
const fill = (path: string): string => path.replaceAll(/\{\w+\}/g, '01ARZ3NDEKTSV4RRFFQ69G5FAV')

describe('viewer-cannot-write-anywhere', () => {
  it('whatever changes something refuses a viewer before it looks at the request', async () => {
    const guarded = writes((access) => access.kind === 'session' && access.role !== 'viewer')
    expect(guarded.length).toBeGreaterThan(40)
    const headers = await proveAnew(server.client, viewer)
    for (const { method, path } of guarded) {
      server.passMinute()
      const call = { method, credential: viewer.accessToken, headers }
      const { status, text } = await server.client.send(fill(path), call)
      const isForRole = text.includes('FORBIDDEN') && text.includes('yours here is viewer')
      expect({ method, path, status, isForRole }).toEqual({ method, path, status: 403, isForRole: true })
    }
  })

  it('what a viewer may send changes their own affairs alone', () => {
    const open = writes(
      (access) => access.kind === 'session' && access.role === 'viewer' && access.instanceAdmin !== true,
    )
    expect(open.map(({ id }) => id).toSorted()).toEqual(ownAffairs)
  })

  it('a viewer sends nobody away but themselves', async () => {
    const { client } = server
    const call = {
      method: 'DELETE',
      credential: viewer.accessToken,
      headers: await proveAnew(client, viewer),
    }
    expect((await client.send(`/dashboard/team/members/${owner.user.id}`, call)).status).toBe(403)
  })
})

it('read-only-keys-cannot-write: whatever changes something refuses a key that may only read', async () => {
  const guarded = writes((access) => access.kind === 'key')
  expect(guarded.length).toBeGreaterThan(20)
  for (const { method, path } of guarded) {
    const { status, text } = await server.client.send(fill(path), { method, credential: readKey })
    const isForScope = text.includes('FORBIDDEN') && text.includes('lacks the scope')
    expect({ method, path, status, isForScope }).toEqual({ method, path, status: 403, isForScope: true })
  }
  expect((await server.client.send('/api/v1/monitors', { credential: readKey })).status).toBe(200)
})
