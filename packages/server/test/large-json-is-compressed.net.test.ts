import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'

const list = '/api/v1/monitors'
let server: ComposedServer
let key: string
let monitorId: string

beforeAll(async () => {
  server = await composeServer()
  key = await createKey(server.client, await setUpOwner(server.client, server.ownerToken))
  for (let n = 0; n < 12; n += 1) {
    const { monitor } = await server.client.ask<{ monitor: { id: string } }>(list, {
      credential: key,
      body: { type: 'heartbeat', name: `nightly ${n}`, config: {} },
    })
    monitorId = monitor.id
  }
})
afterAll(() => server.stop())

type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** As the bytes come: fetch would unpack them. */
function get(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  request(
    `${server.origin}${path}`,
    { method, headers: { authorization: `Bearer ${key}`, ...headers } },
    (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    },
  )
    .on('error', reject)
    .end()
  return promise
}

describe('large-json-is-compressed', () => {
  it.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip;q=0.8, br;q=0.1', 'gzip', gunzipSync],
    ['*', 'br', brotliDecompressSync],
    ['identity;q=0, gzip', 'gzip', gunzipSync],
    ['gzip;q=0', undefined, (body: Buffer) => body],
    ['zstd', undefined, (body: Buffer) => body],
    ['', undefined, (body: Buffer) => body],
  ])('to a client that accepts %j it comes as %s', async (accepted, encoding, unpack) => {
    const plain = await get(list)
    const { headers, body } = await get(list, { 'accept-encoding': accepted })
    expect(headers['content-encoding']).toBe(encoding)
    expect(headers['vary']).toBe('Accept-Encoding')
    expect(Number(headers['content-length'])).toBe(body.length)
    expect(unpack(body).toString()).toBe(plain.body.toString())
    if (encoding !== undefined) expect(body.length).toBeLessThan(plain.body.length / 2)
    expect(headers['etag']).toBe(
      encoding === undefined ? plain.headers['etag'] : `W/${String(plain.headers['etag'])}`,
    )
  })

  it('without a word about codings it comes as it is, and says that it could differ', async () => {
    const { headers } = await get(list)
    expect(headers['content-encoding']).toBeUndefined()
    expect(headers['vary']).toBe('Accept-Encoding')
  })

  it('what a client kept is still good, whichever coding it was kept in', async () => {
    const plain = String((await get(list)).headers['etag'])
    for (const kept of [plain, `W/${plain}`, `"other", W/${plain}`, '*'])
      for (const accepted of ['br', 'identity']) {
        const { status, headers, body } = await get(list, {
          'if-none-match': kept,
          'accept-encoding': accepted,
        })
        expect(status).toBe(304)
        expect(body).toHaveLength(0)
        expect(headers['content-encoding']).toBeUndefined()
        expect(headers['vary']).toBe('Accept-Encoding')
      }
    expect((await get(list, { 'if-none-match': '"other"' })).status).toBe(200)
  })

  it('HEAD says the same without the bytes', async () => {
    const whole = await get(list, { 'accept-encoding': 'br' })
    const head = await get(list, { 'accept-encoding': 'br' }, 'HEAD')
    expect(head.body).toHaveLength(0)
    for (const name of ['content-length', 'content-encoding', 'etag', 'vary', 'content-type'])
      expect(head.headers[name]).toBe(whole.headers[name])
  })

  it('what depends on the page that asks depends on both', async () => {
    const { headers } = await get(list, { origin: 'https://app.example.com', 'accept-encoding': 'gzip' })
    expect(headers['vary']).toBe('Origin, Accept-Encoding')
  })

  it('a small reply stays as it is, unless the client refuses that', async () => {
    const small = `${list}/nothing`
    expect((await get(small, { 'accept-encoding': 'br' })).headers['content-encoding']).toBeUndefined()
    const { headers, body } = await get(small, { 'accept-encoding': 'gzip, identity;q=0' })
    expect(headers['content-encoding']).toBe('gzip')
    expect(JSON.parse(gunzipSync(body).toString())).toMatchObject({ error: { status: 404 } })
  })

  it('a reply that reveals a secret is never compressed', async () => {
    const { status, headers, body } = await get(`${list}/${monitorId}/heartbeat-url`, {
      'accept-encoding': 'br, identity;q=0',
    })
    expect(status).toBe(200)
    expect(headers['content-encoding']).toBeUndefined()
    expect(JSON.parse(body.toString())).toHaveProperty('url')
  })
})
