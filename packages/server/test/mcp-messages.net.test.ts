import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { sendRaw } from './fixtures/raw-http.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'

let server: ComposedServer
let key: string

beforeAll(async () => {
  server = await composeServer()
  const ann = await setUpOwner(server.client, server.ownerToken)
  key = await createKey(server.client, ann, 'oversight')
})
afterAll(() => server.stop())

describe('what is no message is refused in the words of every other path', () => {
  it.each(['GET', 'DELETE', 'PUT'])('%s is told that this path takes POST', async (method) => {
    const { status, text, headers } = await server.client.send('/mcp', {
      method,
      headers: { 'x-api-key': key, accept: 'text/event-stream' },
    })
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe('POST')
    expect(headers.get('x-request-id')).toMatch(/^req_/)
    expect(JSON.parse(text)).toMatchObject({ code: 'METHOD_NOT_ALLOWED' })
  })

  it.each<[what: string, body: unknown, status: number, detail: string]>([
    ['no JSON', '{', 400, 'not valid JSON'],
    ['several messages at once', [{ jsonrpc: '2.0', id: 1, method: 'ping' }], 400, 'body'],
    ['no message', { hello: 1 }, 400, 'jsonrpc'],
    [
      'names that reach into prototypes',
      '{"jsonrpc":"2.0","id":1,"method":"ping","__proto__":{}}',
      400,
      'name',
    ],
    ['more than a mebibyte', { jsonrpc: '2.0', id: 1, method: 'x'.repeat(1_048_577) }, 413, '1048576'],
  ])('%s', async (_what, body, expected, detail) => {
    const { status, text, headers } = await server.client.send('/mcp', {
      body,
      headers: { 'x-api-key': key },
    })
    expect({ status, text }).toMatchObject({
      status: expected,
      text: expect.stringContaining(detail) as string,
    })
    expect(headers.get('content-type')).toContain('application/problem+json')
  })

  it('a method that the protocol does not have is an error of the protocol', async () => {
    const { status, text } = await server.client.send('/mcp', {
      body: { jsonrpc: '2.0', id: 7, method: 'resources/list' },
      headers: { 'x-api-key': key },
    })
    expect({ status, reply: JSON.parse(text) as unknown }).toMatchObject({
      status: 200,
      reply: { id: 7, error: { code: -32601 } },
    })
  })

  it('messages besides calls have a limit of their own, and the next minute begins anew', async () => {
    const ping = () =>
      server.client.send('/mcp', {
        body: { jsonrpc: '2.0', id: 1, method: 'ping' },
        headers: { 'x-api-key': key },
      })
    server.passMinute()
    const answers = await Promise.all(Array.from({ length: 601 }, ping))
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1)
    server.passMinute()
    expect((await ping()).status).toBe(200)
  })
})

describe('pages of others cannot use it', () => {
  it('a page of an origin that nobody allowed is refused, with a key that works', async () => {
    const ask = (origin: string) =>
      server.client.send('/mcp', {
        body: { jsonrpc: '2.0', id: 1, method: 'ping' },
        headers: { 'x-api-key': key, origin },
      })
    expect((await ask('https://evil.example.com')).status).toBe(403)
    expect((await ask('null')).status).toBe(403)
    expect((await ask(server.origin)).status).toBe(200)
  })
})

describe('a name that was pointed at this machine is refused', () => {
  it('where no proxy stands before the server', async () => {
    const bare = await composeServer({ GATEHOUSE_TRUSTED_PROXY_HOPS: '0' })
    const ask = async (host: string): Promise<number> => {
      const head = `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
      return (await sendRaw(bare.origin, head)).status
    }
    expect(await ask('rebound.example.com:3000')).toBe(403)
    for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000']) expect(await ask(host)).toBe(401)
    await bare.stop()
  })
})
