import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import type { Endpoint } from '@gatehouse/kernel/endpoint'
import { Problem } from '@gatehouse/kernel/problem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeModules } from '../openapi.ts'
import { bodyBytesMaxOf, readBody } from './read-body.ts'

const endpoints = describeModules().flatMap((module) => module.endpoints)
const nameOf = ({ method, path }: Endpoint): string => `${method} ${path}`
const bodiless = endpoints.filter(
  ({ body, textBody, streamedBody }) => body === undefined && textBody !== true && streamedBody === undefined,
)
const withBody = endpoints.filter(({ body }) => body !== undefined)
const strangers = endpoints.filter(
  ({ access, path, textBody }) =>
    textBody !== true && (access.kind === 'public' || path.startsWith('/auth/')),
)
/** Bodies one byte over the limit of unauthenticated callers, and a thousand times that. */
const packed = [
  { coding: 'gzip', pack: gzipSync },
  { coding: 'deflate', pack: deflateSync },
  {
    coding: 'br',
    pack: (text: string) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  },
].map(({ coding, pack }) => ({ coding, bombs: [16_385, 16_384_000].map((bytes) => pack('x'.repeat(bytes))) }))
const hostile = new Map<string, string>()
let server: Server
let origin: string

/** Reads each body as the endpoint that the path names would, without anything behind it. */
beforeAll(async () => {
  server = createServer((request, response) => {
    const endpoint = endpoints[Number(request.url?.slice(1))]
    if (endpoint === undefined) throw new Error('There is no such endpoint')
    readBody(endpoint, request).then(
      (body) => response.end(JSON.stringify({ status: 200, body })),
      (error: unknown) => {
        const { status, fields } = error instanceof Problem ? error : { status: String(error), fields: [] }
        response.setHeader('connection', 'close')
        response.end(JSON.stringify({ status, fields }))
      },
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // Safe: it listens on a port.
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  for (const [what, text] of makeHostile()) hostile.set(what, text)
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

type Reading = {
  readonly status: number | string
  readonly body?: unknown
  readonly fields?: readonly { readonly field: string; readonly message: string }[]
}

async function read(
  endpoint: Endpoint,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
): Promise<Reading> {
  const response = await fetch(`${origin}/${endpoints.indexOf(endpoint)}`, { method: 'POST', headers, body })
  return JSON.parse(await response.text()) as Reading
}

/** Each is as large as may come in one piece, and says nothing that an endpoint asks for. */
function makeHostile(): readonly (readonly [string, string])[] {
  const repeat = (count: number, entry: string): string =>
    Array.from({ length: count }, () => entry).join(',')
  const names = (count: number): string => Array.from({ length: count }, (_, n) => `"n${n}":${n}`).join(',')
  return [
    ['a list of empty objects', `[${repeat(20_001, '{}')}]`],
    ['a list within a member', `{"email":[${repeat(3_000, '{}')}]}`],
    ['nesting without an end', `{"email":${'['.repeat(90_000)}`],
    ['an object of many members', `{${names(9_000)}}`],
    ['as many members as are taken', `{${names(1_000)}}`],
    ['one name many times', `{${repeat(9_000, '"a":1')}}`],
    ['a long number', `{"email":${'9'.repeat(16_000)}}`],
    ['a long name', `{"${'n'.repeat(16_000)}":1}`],
    [
      'many long names',
      `{${Array.from({ length: 60 }, (_, n) => `"${String(n).repeat(100)}":1`).join(',')}}`,
    ],
    ['a string of escapes', `{"email":"${String.raw`\u0000\"\\`.repeat(1_000)}`],
    ['names that reach into prototypes', `{"__pr\\u006fto__":{"a":1}}`],
    ['a list of lists', `[${repeat(120, `[${repeat(120, '[]')}]`)}]`],
  ]
}

describe('no-body-holds-up-the-others', () => {
  it('names the endpoints that it speaks of', () => {
    expect(strangers.length).toBeGreaterThan(20)
    expect(withBody.length).toBeGreaterThan(40)
  })

  it.each(strangers.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
    '%s, open to strangers, reads at most 16 KB, inflated as well',
    async (_name, endpoint) => {
      expect(bodyBytesMaxOf(endpoint)).toBeLessThanOrEqual(16_384)
      const max = JSON.stringify('x'.repeat(bodyBytesMaxOf(endpoint) - 2))
      expect((await read(endpoint, max)).status).toBe(400)
      for (const { coding, bombs } of packed) {
        const headers = { 'content-type': 'application/json', 'content-encoding': coding }
        for (const bomb of bombs) expect((await read(endpoint, bomb, headers)).status).toBe(413)
      }
      expect((await read(endpoint, `${max} `)).status).toBe(413)
    },
  )

  it.each(withBody.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
    '%s says of no body more than twenty faults',
    async (_name, endpoint) => {
      for (const [what, text] of hostile) {
        const { status, fields = [] } = await read(endpoint, text)
        expect([what, status]).toEqual([what, expect.toBeOneOf([400, 413])])
        expect(fields.length).toBeLessThanOrEqual(20)
        expect(JSON.stringify(fields).length).toBeLessThan(8_000)
      }
    },
  )

  it('a list that is longer than any of the schema is refused before the schema looks at it', async () => {
    const keys = withBody.find(({ path, method }) => method === 'POST' && path === '/dashboard/api-keys')
    if (keys === undefined) throw new Error('There is no such endpoint')
    const { fields } = await read(keys, `{"scopes":[${Array.from({ length: 101 }, () => '{}').join(',')}]}`)
    expect(fields).toEqual([{ field: 'body.scopes', message: 'must be a list of at most 100 entries' }])
  })

  it('a client that stops in the middle of a compressed body leaves nothing waiting', async () => {
    const [endpoint] = withBody
    if (endpoint === undefined) throw new Error('There is no such endpoint')
    const ended = new Promise<unknown>((resolve) => {
      server.once('request', (request) => {
        readBody(endpoint, request).catch(resolve)
      })
    })
    const aborted = new AbortController()
    const half = gzipSync(JSON.stringify('x'.repeat(9_000))).subarray(0, 10)
    const sent = fetch(`${origin}/0`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(half)) }),
      signal: aborted.signal,
      ...({ duplex: 'half' } as object),
    }).catch(() => undefined)
    server.once('request', () => aborted.abort())
    await sent
    expect(await ended).toMatchObject({
      status: 400,
      fields: [{ field: 'body', message: 'ended too early' }],
    })
  })
})

describe('an-empty-object-is-no-body', () => {
  it.each(bodiless.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
    '%s',
    async (_name, endpoint) => {
      for (const body of ['', '{}', ' {\n}\r\n', ' \n'])
        for (const mediaType of ['application/json', 'application/x-www-form-urlencoded', ''])
          expect((await read(endpoint, body, { 'content-type': mediaType })).status).toBe(200)
      expect((await read(endpoint, gzipSync('{}'), { 'content-encoding': 'gzip' })).status).toBe(200)
      for (const body of ['{"a":1}', 'null', '[]', '{}{}', 'a=b', '{'])
        expect((await read(endpoint, body)).fields).toEqual([
          { field: 'body', message: 'is not accepted here' },
        ])
    },
  )
})

describe('what-no-hash-takes-is-refused-by-name', () => {
  const free = withBody.findIndex(({ id }) => id === 'appendOversightAudit')
  const ask = async (text: string) => {
    const endpoint = withBody[free]
    const answer = await fetch(`${origin}/${endpoint === undefined ? -1 : endpoints.indexOf(endpoint)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: text,
    })
    // Safe: the server above answers so.
    return (await answer.json()) as { status: number; fields?: readonly { field: string; message: string }[] }
  }
  const toBody = (payload: string) => `{"event_type":"custom.seen","payload":${payload}}`

  it.each([
    ['a text', '{"a":"\\ud800"}', 'payload.a'],
    ['a text of a list', '{"a":["x",{"b":"\\uDfff!"}]}', 'payload.a[1].b'],
    ['a name', '{"a":{"\\udc00":1}}', 'payload.a'],
    ['a number that is infinite', '{"a":{"b":-1e400}}', 'payload.a.b'],
    ['two halves the wrong way round', '{"a":"\\udc00\\ud800"}', 'payload.a'],
  ])('%s is refused by name', async (_what, payload, field) => {
    const { status, fields } = await ask(toBody(payload))
    expect([status, fields?.[0]?.field]).toEqual([400, field])
  })

  it('a whole character of two halves, and a backslash before what looks like one, are taken', async () => {
    for (const payload of ['{"a":"\\ud83d\\ude00"}', '{"a":"\\\\ud800"}'])
      expect((await ask(toBody(payload))).status).toBe(200)
  })
})
