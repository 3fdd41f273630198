import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { query, within } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { eventually } from './fixtures/eventually.ts'
import { createKey, setUpOwner } from './fixtures/people.ts'

let server: ComposedServer
let key: string
let orgId: string

beforeAll(async () => {
  server = await composeServer()
  const owner = await setUpOwner(server.client, server.ownerToken)
  orgId = owner.user.teamId
  key = await createKey(server.client, owner)
})
afterAll(() => server.stop())

const keptBytesMax = 10_240
const log = 'backed up 3 tables\n'

type Kept = {
  readonly kind: string
  readonly exit_code: number | null
  readonly run_id: string | null
  readonly body: string | null
}

type Job = { readonly path: string; readonly kept: () => Promise<readonly Kept[]> }

/** A heartbeat of its own, so that the limit by token does not get in the way. */
async function newJob(): Promise<Job> {
  const { ask } = server.client
  const { monitor } = await ask<{ monitor: { id: string } }>('/api/v1/monitors', {
    credential: key,
    body: { type: 'heartbeat', name: 'nightly', config: {} },
  })
  const place = `/api/v1/monitors/${monitor.id}/heartbeat-url`
  const { url } = await ask<{ url: string }>(place, { credential: key })
  return {
    path: new URL(url).pathname,
    kept: async () => {
      const { rows } = await within(server, { kind: 'system', orgId, because: 'test' }, (tx) =>
        sql<Kept>`SELECT kind, exit_code, run_id, body FROM uptime.heartbeat_ping
                   WHERE monitor_id = ${monitor.id} ORDER BY at`.execute(query(tx)),
      )
      return rows
    },
  }
}

function dial(): Socket {
  const { hostname, port } = new URL(server.origin)
  const socket = connect({ host: hostname, port: Number(port) })
  socket.on('error', () => undefined)
  return socket
}

type Ping = {
  readonly method?: string
  readonly suffix?: string
  readonly headers?: readonly string[]
  readonly body?: string | Buffer
}

/** One ping, byte for byte, and the first line of its final answer. */
async function ping(job: Job, { method = 'POST', suffix = '', headers = [], body }: Ping): Promise<string> {
  const socket = dial()
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  const sized = headers.some((header) => header.startsWith('Transfer-Encoding')) ? [] : length
  const lines = [
    `${method} ${job.path}${suffix} HTTP/1.1`,
    'Host: x',
    'Connection: close',
    ...sized,
    ...headers,
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  if (body !== undefined) socket.write(body)
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
  await once(socket, 'close')
  return text.replace(/^HTTP\/1\.1 100 .*?\r\n\r\n/s, '').split('\r\n', 1)[0] ?? ''
}

const ok = 'HTTP/1.1 200 OK'

const chunked = (text: string, size: number): string => {
  const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
  return [...pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`), '0\r\n\r\n'].join('')
}

describe('a ping is never refused for what it carries', () => {
  it.each<[string, Ping, Partial<Kept>]>([
    [
      'the longest log that is kept whole',
      { body: 'x'.repeat(keptBytesMax) },
      { body: 'x'.repeat(keptBytesMax) },
    ],
    [
      'a log that is one byte longer: its first 10 KiB are kept',
      { body: `${'x'.repeat(keptBytesMax)}y` },
      { body: 'x'.repeat(keptBytesMax) },
    ],
    ['a log of 3 MB', { body: 'x'.repeat(3_000_000) }, { body: 'x'.repeat(keptBytesMax) }],
    [
      'a log that is cut inside a character: the part of it is left out',
      { body: `${'x'.repeat(keptBytesMax - 1)}é` },
      { body: 'x'.repeat(keptBytesMax - 1) },
    ],
    ['a NUL', { body: 'a\0b' }, { body: 'a\uFFFDb' }],
    ['bytes that are no text', { body: Buffer.from([0x61, 0xff, 0xc3]) }, { body: 'a\uFFFD\uFFFD' }],
    ['a byte order mark', { body: '\uFEFFa' }, { body: 'a' }],
    ['no body', {}, { body: null }],
    ['an empty body', { body: '' }, { body: null }],
    ['a body by GET', { method: 'GET', body: log }, { body: log }],
    ['a body by HEAD', { method: 'HEAD', body: log }, { body: log }],
    ['a body by PUT', { method: 'PUT', body: log }, { body: log }],
    ['a wrong media type', { body: log, headers: ['Content-Type: application/json'] }, { body: log }],
    ['a media type that is none', { body: log, headers: ['Content-Type: ;;=?'] }, { body: log }],
    ['an empty media type', { body: log, headers: ['Content-Type:'] }, { body: log }],
    ['gzip', { body: gzipSync(log), headers: ['Content-Encoding: gzip'] }, { body: log }],
    ['deflate', { body: deflateSync(log), headers: ['Content-Encoding: deflate'] }, { body: log }],
    ['Brotli', { body: brotliCompressSync(log), headers: ['Content-Encoding: br'] }, { body: log }],
    [
      'a bomb of gzip',
      { body: gzipSync(Buffer.alloc(20_000_000, 'z')), headers: ['Content-Encoding: gzip'] },
      { body: 'z'.repeat(keptBytesMax) },
    ],
    ['gzip that is none', { body: log, headers: ['Content-Encoding: gzip'] }, { body: log }],
    ['an unknown coding', { body: log, headers: ['Content-Encoding: zstd'] }, { body: log }],
    ['a coding with a blank name', { body: log, headers: ['Content-Encoding: , identity'] }, { body: log }],
    ['chunks', { body: chunked(log, 3), headers: ['Transfer-Encoding: chunked'] }, { body: log }],
    [
      'many small chunks',
      { body: chunked('x'.repeat(100_000), 7), headers: ['Transfer-Encoding: chunked'] },
      { body: 'x'.repeat(keptBytesMax) },
    ],
    ['Expect: 100-continue', { body: log, headers: ['Expect: 100-continue'] }, { body: log }],
    ['another expectation', { body: log, headers: ['Expect: a-miracle'] }, { body: log }],
    [
      'an offer of HTTP/2',
      { headers: ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: '] },
      {},
    ],
    ['an origin of another site', { headers: ['Origin: https://evil.example'] }, {}],
    ['a credential that is none', { headers: ['Authorization: Basic !!'] }, {}],
    ['an idempotency key that is none', { headers: ['Idempotency-Key: ä ö'] }, {}],
    ['an unknown query', { suffix: '?status=up&msg=OK&ping=' }, { kind: 'success' }],
    ['a query that is none', { suffix: '?%zz&&=&rid' }, { run_id: null }],
    ['an empty run id', { suffix: '?rid=' }, { run_id: null }],
    ['a blank run id', { suffix: '?rid=%20%09' }, { run_id: null }],
    ['a run id', { suffix: '?rid=7f3' }, { run_id: '7f3' }],
    ['two run ids: the first is taken', { suffix: '?rid=&rid=a&rid=b' }, { run_id: 'a' }],
    ['a run id with a NUL', { suffix: '?rid=a%00b' }, { run_id: 'a\uFFFDb' }],
    ['a run id of 64 characters', { suffix: `?rid=${'r'.repeat(64)}` }, { run_id: 'r'.repeat(64) }],
    ['a longer run id', { suffix: `?rid=${'r'.repeat(900)}` }, { run_id: expect.stringMatching(/^.{64}$/) }],
    ['a trailing slash', { suffix: '/' }, { kind: 'success' }],
    ['a trailing slash after start', { suffix: '/start/' }, { kind: 'start' }],
    ['a trailing slash and a query', { suffix: '/?rid=a' }, { kind: 'success', run_id: 'a' }],
    ['a failure with a log', { suffix: '/fail', body: log }, { kind: 'fail', body: log }],
    ['an exit code with a slash', { suffix: '/3/' }, { kind: 'fail', exit_code: 3 }],
  ])('%s', async (_what, sent, kept) => {
    const job = await newJob()
    expect(await ping(job, sent)).toBe(ok)
    expect(await job.kept()).toMatchObject([kept])
  })

  it('two long run ids that end differently are two runs', async () => {
    const job = await newJob()
    for (const end of ['a', 'b']) await ping(job, { suffix: `?rid=${'r'.repeat(300)}${end}` })
    const [first, second] = await job.kept()
    expect(first?.run_id).not.toBe(second?.run_id)
  })

  it.each([
    ['with a length', `Content-Length: 5000\r\n\r\n${log}`],
    [
      'in the middle of a chunk',
      `Transfer-Encoding: chunked\r\n\r\n${log.length.toString(16)}\r\n${log}\r\nff\r\n`,
    ],
  ])('a client that goes away in the middle of its log has pinged: %s', async (_how, rest) => {
    const job = await newJob()
    const socket = dial()
    socket.end(`POST ${job.path}/fail HTTP/1.1\r\nHost: x\r\n${rest}`)
    const kept = await eventually('the ping is kept', async () => {
      const pings = await job.kept()
      return pings.length === 0 ? undefined : pings
    })
    expect(kept).toMatchObject([{ kind: 'fail', body: log }])
    socket.destroy()
  })

  it('several on one connection are answered one after the other, however much they carry', async () => {
    const job = await newJob()
    const socket = dial()
    let text = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
    const body = 'x'.repeat(200_000)
    for (const connection of ['keep-alive', 'close']) {
      socket.write(`POST ${job.path} HTTP/1.1\r\nHost: x\r\nConnection: ${connection}\r\n`)
      socket.write(`Content-Length: ${body.length}\r\n\r\n${body}`)
    }
    await once(socket, 'close')
    expect(text.split(ok)).toHaveLength(3)
    expect(await job.kept()).toHaveLength(2)
  })

  it.each([
    ['a token that nobody has', '/ping/nobody'],
    ['one that is far too long', `/ping/${'n'.repeat(200)}`],
    ['one with a NUL', '/ping/a%00b'],
  ])('%s is not found', async (_what, path) => {
    expect((await server.client.send(path, { method: 'POST' })).status).toBe(404)
  })

  it.each(['/done', '/256', '/-1', '/start/now', '/a-long-word-that-means-nothing'])(
    'the suffix %s means nothing, and is not found',
    async (suffix) => {
      const job = await newJob()
      expect(await ping(job, { suffix })).toBe('HTTP/1.1 404 Not Found')
      expect(await job.kept()).toEqual([])
    },
  )
})
