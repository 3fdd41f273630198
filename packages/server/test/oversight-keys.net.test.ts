import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

type Rotated = { readonly new_api_key: string; readonly prefix: string }
type Mode = 'live' | 'test'

let server: ComposedServer
let ann: SignedIn

beforeAll(async () => {
  server = await composeServer()
  ann = await setUpOwner(server.client, server.ownerToken)
})
afterAll(() => server.stop())

async function newKey(mode: Mode = 'live', scopes?: readonly string[]): Promise<string> {
  const { apiKey } = await server.client.ask<{ apiKey: { key: string } }>('/dashboard/api-keys', {
    credential: ann.accessToken,
    headers: await proveAnew(server.client, ann),
    body: { name: `of ${mode}`, service: 'oversight', mode, ...(scopes === undefined ? {} : { scopes }) },
  })
  return apiKey.key
}

const send = (key: string, path: string, body?: object) =>
  server.client.send(path, { headers: { 'x-api-key': key }, ...(body === undefined ? {} : { body }) })

async function rotate(key: string): Promise<Rotated> {
  const { status, text } = await send(key, '/v1/admin/key/rotate', {})
  expect({ status, text: status === 200 ? '' : text }).toEqual({ status: 200, text: '' })
  return JSON.parse(text) as Rotated
}

const opens = async (key: string): Promise<number> => (await send(key, '/v1/organization/dashboard')).status

describe('a key that changes itself', () => {
  it.each<[Mode, RegExp]>([
    ['live', /^ck_live_[0-9A-HJKMNP-TV-Z]{26}$/],
    ['test', /^ck_test_[0-9A-HJKMNP-TV-Z]{26}$/],
  ])('is a %s key, and so is its successor, which works at once while it is dead', async (mode, form) => {
    const key = await newKey(mode)
    expect(key).toMatch(form)
    expect(await opens(key)).toBe(200)
    const { new_api_key: next, prefix } = await rotate(key)
    expect(next).toMatch(form)
    expect(next.slice(0, 16)).toBe(prefix)
    expect([await opens(key), await opens(next)]).toEqual([401, 200])
  })

  it('a key that revoked itself is refused everywhere, and its sisters are not', async () => {
    const [key, sister] = [await newKey(), await newKey()]
    const { status, text } = await send(key, '/v1/admin/key/revoke', {})
    expect(status).toBe(200)
    expect(JSON.parse(text)).toMatchObject({ revoked: true, org_id: ann.user.teamId })
    expect([await opens(key), await opens(sister)]).toEqual([401, 200])
  })

  it('both stand in the audit log of the org: a rotation is an entry, and a revocation is an entry', async () => {
    const key = await newKey()
    const { new_api_key: next, prefix } = await rotate(key)
    await send(next, '/v1/admin/key/revoke', {})
    const reader = await newKey()
    for (const [name, by, path] of [
      ['KEY_ROTATED', key.slice(0, 16), '/v1/admin/key/rotate'],
      ['KEY_REVOKED', prefix, '/v1/admin/key/revoke'],
    ]) {
      const { text } = await send(reader, `/v1/admin/audit-log?event_type=${name}&limit=1`)
      expect(JSON.parse(text)).toMatchObject({
        count: 1,
        events: [{ event_type: name, api_key_prefix: by, path, method: 'POST', status: 200 }],
      })
    }
  })

  it('a key without the scope keeps its place', async () => {
    const key = await newKey('live', ['organization:read'])
    expect((await send(key, '/v1/admin/key/rotate', {})).status).toBe(403)
    expect(await opens(key)).toBe(200)
  })

  it('of ten rotations at once one gives a successor', async () => {
    const key = await newKey()
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(key, '/v1/admin/key/rotate', {})))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})

describe('the audit log', () => {
  it('refuses an event that does not exist, and names those that do', async () => {
    const { status, text } = await send(await newKey(), '/v1/admin/audit-log?event_type=NO_SUCH_EVENT')
    expect(status).toBe(422)
    const { error } = JSON.parse(text) as { error: { field: string; allowed_values: readonly string[] } }
    expect(error.field).toBe('event_type')
    expect(error.allowed_values).toContain('KEY_ROTATED')
  })

  it.each([0, 501, 'x'])('takes no limit of %s', async (limit) => {
    const { status } = await send(await newKey(), `/v1/admin/audit-log?limit=${limit}`)
    expect(status).toBe(422)
  })
})
