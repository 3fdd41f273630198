import { afterAll, beforeAll, expect, it } from 'vitest'
import { rotateSecret, withLocalInstance } from '../src/local/index.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'

let server: ComposedServer

beforeAll(async () => {
  server = await composeServer()
})
afterAll(() => server.stop())

const read = (headers: Readonly<Record<string, string>> = {}) =>
  server.client.send('/.well-known/gatehouse-keys.json', { headers })

async function readIds(): Promise<readonly string[]> {
  const { status, text, headers } = await read()
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  const { keys } = JSON.parse(text) as { keys: readonly Record<string, string>[] }
  return keys.map((key) => {
    expect(Object.keys(key).toSorted()).toEqual(['algorithm', 'key_id', 'public_key'])
    const bytes = Buffer.from(key['public_key'] ?? '', 'base64url')
    expect([key['algorithm'], bytes.length]).toEqual(['Ed25519', 32])
    // An id is the version, and the first bytes of the key that it stands for.
    expect(key['key_id']).toMatch(new RegExp(`^sig-\\d+-${bytes.subarray(0, 6).toString('hex')}$`))
    return key['key_id'] ?? ''
  })
}

it('caches ask anew each time, and are sent the keys anew only when they have changed', async () => {
  const { headers } = await read()
  expect(headers.get('cache-control')).toContain('no-cache')
  const etag = headers.get('etag') ?? ''
  const again = await read({ 'if-none-match': etag })
  expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag])
  expect((await read({ 'if-none-match': '"another"' })).status).toBe(200)
})

it('a rotation adds the new key and keeps the old one, and whoever holds the old list is told', async () => {
  const { headers } = await read()
  const [first] = await readIds()
  await withLocalInstance({ env: server.env, folder: '/', progress: () => undefined }, (local) =>
    rotateSecret(local, server.env, 'signing-key'),
  )
  const ids = await readIds()
  expect(ids).toEqual([first, expect.stringMatching(/^sig-2-/)])
  expect((await read({ 'if-none-match': headers.get('etag') ?? '' })).status).toBe(200)
})
