import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { securityHeaders } from '../src/http/security-headers.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { openSocket, parseReply, type RawReply, sendRaw, textUntilClosed } from './fixtures/raw-http.ts'

let server: ComposedServer

beforeAll(async () => {
  server = await composeServer()
})
afterAll(() => server.stop())

const host = 'Host: localhost\r\n'
const closing = `${host}Connection: close\r\n`

function assertOurs({ status, headers, body }: RawReply, envelope: 'wire' | 'problem'): void {
  for (const [name, value] of Object.entries(securityHeaders)) expect(headers.get(name)).toBe(value)
  expect(headers.get('x-request-id')).toMatch(/^req_[0-9A-Z]{26}$/)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(Number(headers.get('content-length'))).toBe(body.length)
  const said: unknown = JSON.parse(body)
  if (envelope === 'wire') {
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(said).toEqual({
      error: { code: expect.any(String) as string, message: expect.any(String) as string, status },
    })
  } else {
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(said).toMatchObject({ status, instance: headers.get('x-request-id') })
  }
}

describe('every-byte-comes-from-the-pipeline', () => {
  it.each<[what: string, bytes: string, status: number, envelope?: 'wire' | 'problem']>([
    ['a request without Host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['two Host lines', `GET /healthz HTTP/1.1\r\n${host}${closing}\r\n`, 400],
    [
      'two equal Host lines for an endpoint of a service',
      `GET /api/v1/monitors HTTP/1.1\r\n${host}${closing}\r\n`,
      400,
      'wire',
    ],
    ['a Host that is no host', 'GET /healthz HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
    ['an unknown path without Host', 'GET /nothing HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['an unknown path', `GET /nothing HTTP/1.1\r\n${closing}\r\n`, 404],
    ['an unknown path of a service', `GET /api/v1/nothing HTTP/1.1\r\n${closing}\r\n`, 404, 'wire'],
    ['a method that a path does not take', `DELETE /healthz HTTP/1.1\r\n${closing}\r\n`, 405],
    ['TRACE', `TRACE /api/v1/monitors HTTP/1.1\r\n${closing}\r\n`, 405, 'wire'],
    ['a method of another protocol', `PROPFIND /api/v1/monitors HTTP/1.1\r\n${closing}\r\n`, 405, 'wire'],
    ['a method that does not exist', `BREW /healthz HTTP/1.1\r\n${closing}\r\n`, 400],
    ['CONNECT', `CONNECT example.com:443 HTTP/1.1\r\n${closing}\r\n`, 405],
    ['OPTIONS of the server', `OPTIONS * HTTP/1.1\r\n${closing}\r\n`, 403],
    [
      'an absolute URI of an unknown path',
      `GET http://example.com/api/v1/nothing HTTP/1.1\r\n${closing}\r\n`,
      404,
      'wire',
    ],
    [
      'a parameter that is too long',
      `GET /api/v1/monitors/${'a'.repeat(301)} HTTP/1.1\r\n${closing}\r\n`,
      414,
      'wire',
    ],
    ['a bad escape', `GET /status/%ff HTTP/1.1\r\n${closing}\r\n`, 400, 'wire'],
    ['half an escape', `GET /api/v1/monitors/%e HTTP/1.1\r\n${closing}\r\n`, 400, 'wire'],
    [
      'a header that is too long',
      `GET /healthz HTTP/1.1\r\n${host}X-Long: ${'a'.repeat(20_000)}\r\n\r\n`,
      431,
    ],
    ['an address that is too long', `GET /api/v1/${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, 414, 'wire'],
    [
      'a query that is too long',
      `GET /api/v1/monitors?a=${'b'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`,
      414,
      'wire',
    ],
    [
      'headers that are too long behind an address that is not',
      `GET /api/v1/monitors?a=${'b'.repeat(8_000)} HTTP/1.1\r\n${host}X-Long: ${'a'.repeat(12_000)}\r\n\r\n`,
      431,
      'wire',
    ],
    ['bytes that are no HTTP', 'hello\r\n\r\n', 400],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a broken header', `GET /api/v1/monitors HTTP/1.1\r\n${host}broken\r\n\r\n`, 400, 'wire'],
    ['a space before the colon', `GET /healthz HTTP/1.1\r\n${host}X-A : 1\r\n\r\n`, 400],
    [
      'a length that is no number',
      `POST /auth/login HTTP/1.1\r\n${host}Content-Length: x\r\n\r\n`,
      400,
      'wire',
    ],
    [
      'two lengths',
      `POST /auth/login HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
      400,
      'wire',
    ],
    [
      'a length beside chunks',
      `POST /auth/login HTTP/1.1\r\n${host}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'wire',
    ],
    [
      'an unknown transfer coding',
      `POST /auth/login HTTP/1.1\r\n${host}Transfer-Encoding: gzip\r\n\r\n`,
      400,
      'wire',
    ],
    [
      'a chunk that is none',
      `POST /auth/login HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
      400,
      'wire',
    ],
    [
      'a media type that is none',
      `POST /auth/login HTTP/1.1\r\n${closing}Content-Type: ;\r\nContent-Length: 2\r\n\r\n{}`,
      400,
      'wire',
    ],
    [
      'a preflight of a strange page',
      `OPTIONS /api/v1/monitors HTTP/1.1\r\n${closing}Origin: https://evil.example\r\n\r\n`,
      403,
      'wire',
    ],
  ])('%s', async (_what, bytes, status, envelope = 'problem') => {
    const reply = await sendRaw(server.origin, bytes)
    expect(reply.status).toBe(status)
    assertOurs(reply, envelope)
  })

  it('a path says which methods it takes', async () => {
    const { headers } = await sendRaw(server.origin, `PUT /api/v1/monitors HTTP/1.1\r\n${closing}\r\n`)
    expect(headers.get('allow')).toBe('GET, HEAD, POST')
  })

  it.each([
    ['an absolute URI', `GET http://localhost/healthz HTTP/1.1\r\n${closing}\r\n`],
    [
      'an offer of another protocol',
      `GET /healthz HTTP/1.1\r\n${host}Connection: upgrade, close\r\nUpgrade: websocket\r\n\r\n`,
    ],
    ['HTTP/1.0 without Host', 'GET /healthz HTTP/1.0\r\n\r\n'],
    ['a host of IPv6 with a port', 'GET /healthz HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n'],
  ])('%s is answered as any request', async (_what, bytes) => {
    const { status, headers } = await sendRaw(server.origin, bytes)
    expect(status).toBe(200)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('to HEAD an unknown path answers with its length alone', async () => {
    const { status, headers, body } = await sendRaw(server.origin, `HEAD /nothing HTTP/1.1\r\n${closing}\r\n`)
    expect(status).toBe(404)
    expect(Number(headers.get('content-length'))).toBeGreaterThan(0)
    expect(body).toBe('')
  })

  it('a client that stops in the middle of its headers is told so', async () => {
    const socket = await openSocket(server.origin)
    const text = textUntilClosed(socket)
    socket.write(`GET /api/v1/monitors HTTP/1.1\r\n${host}`)
    const reply = parseReply(await text)
    expect(reply.status).toBe(408)
    assertOurs(reply, 'problem')
  })
})
