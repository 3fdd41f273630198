import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

const app = 'https://app.example.com'
const other = 'https://other.example.com'
let server: ComposedServer
let ann: SignedIn
let key: string

beforeAll(async () => {
  server = await composeServer({ GATEHOUSE_ALLOWED_ORIGINS: `${app},${other}` })
  ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann)
  await allow([app])
})
afterAll(() => server.stop())

const allow = async (allowedOrigins: readonly string[]) =>
  server.client.ask('/dashboard/team', {
    method: 'PUT',
    credential: ann.accessToken,
    headers: await proveAnew(server.client, ann),
    body: { allowedOrigins },
  })

async function askFrom(origin: string, credential: string | undefined = key) {
  const path = credential === ann.accessToken ? '/dashboard/me' : '/api/v1/monitors'
  const { status, headers } = await server.client.send(path, { credential, headers: { origin } })
  return { status, allowed: headers.get('access-control-allow-origin'), vary: headers.get('vary') }
}

async function preflight(origin: string | undefined) {
  const { status, headers } = await server.client.send('/api/v1/monitors', {
    method: 'OPTIONS',
    headers: {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
      ...(origin === undefined ? {} : { origin }),
    },
  })
  return { status, headers }
}

describe('preflight-and-request-origins', () => {
  it('a preflight of an origin that the instance knows is answered without a key, and names what may be sent', async () => {
    const { status, headers } = await preflight(app)
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe(app)
    expect(headers.get('access-control-allow-headers')).toContain('Authorization')
    expect(headers.get('access-control-allow-credentials')).toBeNull()
    expect(headers.get('vary')).toContain('Origin')
  })

  it.each([
    'https://evil.example.com',
    'null',
    'https://app.example.com.evil.example',
    'http://app.example.com',
  ])('a preflight of %s is refused and allows nothing', async (origin) => {
    const { status, headers } = await preflight(origin)
    expect(status).toBe(403)
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  it('a real request is opened to an origin of the key’s own organisation alone', async () => {
    expect(await askFrom(app)).toEqual({ status: 200, allowed: app, vary: 'Origin' })
    expect(await askFrom(other)).toEqual({ status: 200, allowed: null, vary: 'Origin' })
  })

  it('a refused credential opens nothing, since nobody knows whose origins to ask', async () => {
    expect(await askFrom(app, `mk_${'0'.repeat(64)}`)).toMatchObject({ status: 401, allowed: null })
  })

  it('a log-in of a person is never opened to another site', async () => {
    expect(await askFrom(app, ann.accessToken)).toMatchObject({ status: 200, allowed: null })
  })

  it('a change of the organisation’s origins holds from the next request on', async () => {
    await allow([other])
    await expect.poll(async () => (await askFrom(other)).allowed).toBe(other)
    expect((await askFrom(app)).allowed).toBeNull()
  })
})
