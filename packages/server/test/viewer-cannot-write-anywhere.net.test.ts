import type { BoundEndpoint } from '@gatehouse/kernel/endpoint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Service } from '../src/service/define-service.ts'
import { services } from '../src/services.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { join, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { withKey } from './fixtures/walk-tenants.ts'

let server: ComposedServer
let owner: SignedIn
let viewer: SignedIn

beforeAll(async () => {
  server = await composeServer()
  const { client } = server
  owner = await setUpOwner(client, server.ownerToken)
  viewer = await join(client, owner, 'viewer')
})
afterAll(() => server.stop())

/** A key of the service that may do nothing but read. */
async function createReadKey({ name, policy }: Service): Promise<string> {
  const { apiKey } = await server.client.ask<{ apiKey: { key: string } }>('/dashboard/api-keys', {
    credential: owner.accessToken,
    headers: await proveAnew(server.client, owner),
    body: {
      name: 'reads',
      service: name,
      scopes: policy.scopes.filter((scope) => scope.endsWith(':read')),
      rateLimit: 100_000,
    },
  })
  return apiKey.key
}

/** Of one's own account and sessions, and what makes or leaves an organisation of one's own. */
const ownAffairs = [
  'acknowledgeSecurityNotice',
  'addPasskey',
  'beginPasskey',
  'cancelDeletion',
  'changeEmail',
  'changePassword',
  'confirmTotp',
  'createTeam',
  'dashboardAttestOwnDecision',
  'dashboardBeginEnrolment',
  'dashboardCreateViewLink',
  'dashboardEnrolAuthenticator',
  'dashboardExportOwnRecord',
  'dashboardOpenContest',
  'dashboardPreviewService',
  'dashboardRemoveAuthenticator',
  'deleteAccount',
  'deleteFactor',
  'endSession',
  'enrolTotp',
  'logOut',
  'logOutEverywhere',
  'prepareSudo',
  'proveByIssuer',
  'removeMember',
  'renewRecoveryCodes',
  'requestDeletionCode',
  'sendVerificationAgain',
  'setPreferences',
  'switchTeam',
  'verifySudo',
]

type Listed = BoundEndpoint['endpoint']

const writes = (
  isChosen: (access: Listed['access']) => boolean,
  among: Pick<ComposedServer, 'services'>['services'] = server.services,
): readonly Listed[] =>
  among.flatMap(({ endpoints }) =>
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
  let tried = 0
  for (const service of services) {
    const served = server.services.filter(({ name }) => name === service.name)
    const key = await createReadKey(service)
    for (const { method, path } of writes(
      (access) => access.kind === 'key' && !access.scope.endsWith(':read'),
      served,
    )) {
      server.passMinute()
      tried += 1
      const { status, text } = await server.client.send(fill(path), { ...withKey(service, key), method })
      const isForScope = text.includes('FORBIDDEN') && text.includes('lacks the scope')
      expect({ method, path, status, isForScope }).toEqual({ method, path, status: 403, isForScope: true })
    }
  }
  expect(tried).toBeGreaterThan(20)
  const [uptime] = services
  if (uptime === undefined) throw new Error('There is no service')
  const credential = await createReadKey(uptime)
  expect((await server.client.send('/api/v1/monitors', { credential })).status).toBe(200)
})
