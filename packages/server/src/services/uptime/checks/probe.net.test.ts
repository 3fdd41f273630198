import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { createEgress, noAllowance, parseEgressAllowance, type EgressOptions } from '@gatehouse/kernel/egress'
import { afterEach, describe, expect, it } from 'vitest'
import { writeMessage } from '../messages.ts'
import type { MonitorType } from '../monitor-types/monitor-types.ts'
import { parseConfig, toLookTask } from '../monitor-types/watch.ts'
import type { CheckTask } from './check-task.ts'
import { probe } from './probe.ts'

function checkOf(type: MonitorType, config: object, freshName = false): CheckTask {
  const parsed = parseConfig(type, config)
  if (!parsed.success) throw parsed.error
  return { orgId: 'test', task: toLookTask(parsed.watch, {}), degradedAfterMs: null, freshName }
}

const tcp = checkOf('tcp', { hostname: 'site.example', port: 443, timeoutMs: 1_000 })
const http = checkOf('http', { url: 'https://site.example/', timeoutMs: 1_000 })

const egressWith = (options: Partial<EgressOptions>) => createEgress({ allow: noAllowance, ...options })
const failingWith = (code: string) =>
  egressWith({ resolve: () => Promise.reject(Object.assign(new Error(code), { code })) })

describe('a name that cannot be looked up', () => {
  it.each([
    ['ENOTFOUND', { outcome: 'down', code: 'dns_not_found', values: { host: 'site.example' } }],
    ['ESERVFAIL', { outcome: 'down', code: 'dns_failed', values: { rcode: 'SERVFAIL' } }],
    ['ETIMEOUT', { outcome: 'down', code: 'dns_failed', values: { rcode: 'TIMEOUT' } }],
    ['EREFUSED', { outcome: 'unknown', code: 'resolver_unavailable' }],
    ['ECONNREFUSED', { outcome: 'unknown', code: 'resolver_unavailable' }],
    ['ECANCELLED', { outcome: 'unknown', code: 'node_overloaded' }],
  ])('%s is the fault of whom it should be', async (code, result) => {
    expect((await probe(failingWith(code), tcp)).looked).toMatchObject(result)
  })

  it('with no name server at all is never down', async () => {
    // Nothing listens on the first port of this machine.
    const egress = egressWith({ dnsServers: [{ address: '127.0.0.1', port: 1 }] })
    expect((await probe(egress, tcp)).looked).toMatchObject({
      outcome: 'unknown',
      code: 'resolver_unavailable',
    })
    egress.close()
  })
})

describe('a re-check', () => {
  it.each([true, false])('looks the name up anew, and only a re-check does: %s', async (freshName) => {
    const asked: unknown[] = []
    const egress = egressWith({
      resolve: async (hostname, { fresh }) => {
        asked.push([hostname, fresh])
        return []
      },
    })
    await probe(egress, { ...tcp, freshName })
    await probe(egress, { ...http, freshName })
    expect(asked).toEqual([
      ['site.example', freshName],
      ['site.example', freshName],
    ])
  })
})

describe('a look at a real server', () => {
  const open = new Set<Socket>()
  const servers: Server[] = []
  afterEach(async () => {
    for (const socket of open) socket.destroy()
    for (const server of servers.splice(0)) {
      server.close()
      await once(server, 'close')
    }
  })
  async function serve(handle: (socket: Socket) => void): Promise<number> {
    const server = createServer((socket) => {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.once('close', () => open.delete(socket))
      handle(socket)
    })
    servers.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('The server has a port')
    return address.port
  }
  const answering = (text: string) => (socket: Socket) => void socket.once('data', () => socket.end(text))
  const ok = (body: string, headers = '') =>
    answering(`HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`)
  const local = createEgress({ allow: parseEgressAllowance('127.0.0.1') })

  /** What a person reads of one look, beside its outcome. */
  async function lookAt(type: MonitorType, config: object, degradedAfterMs: number | null = null) {
    const { looked, error } = await probe(local, { ...checkOf(type, config), degradedAfterMs })
    const sentence = looked.code === null ? null : writeMessage(looked.code, looked.values, 'en')
    return { ...looked, sentence, error }
  }
  const lookAtHttp = async (handle: (socket: Socket) => void, config: object = {}, scheme = 'http') => {
    const port = await serve(handle)
    return lookAt('http', { url: `${scheme}://127.0.0.1:${port}/`, timeoutMs: 1_000, ...config })
  }

  it('that answers is up, with its phases', async () => {
    expect(await lookAtHttp(ok('fine'))).toMatchObject({
      outcome: 'up',
      code: null,
      statusCode: 200,
      remoteAddress: '127.0.0.1',
      phases: { connectMs: expect.any(Number), ttfbMs: expect.any(Number), totalMs: expect.any(Number) },
    })
  })

  it.each(['tcp', 'ping'] as const)('that accepts a connection is up: %s', async (type) => {
    const port = await serve(() => undefined)
    expect(await lookAt(type, { hostname: '127.0.0.1', port })).toMatchObject({
      outcome: 'up',
      statusCode: null,
      remoteAddress: '127.0.0.1',
    })
  })

  it('that is slow is degraded, and says by how much', async () => {
    const slow = await serve(
      (socket) => void socket.once('data', () => setTimeout(() => socket.end('HTTP/1.1 200 OK\r\n\r\n'), 30)),
    )
    const looked = await lookAt('http', { url: `http://127.0.0.1:${slow}/` }, 1)
    expect(looked).toMatchObject({ outcome: 'degraded', code: 'slow', statusCode: 200, values: { limit: 1 } })
  })

  it('that gives a wrong answer is down, with the status', async () => {
    expect(await lookAtHttp(answering('HTTP/1.1 503 Busy\r\n\r\n'))).toMatchObject({
      outcome: 'down',
      statusCode: 503,
      sentence: 'Expected status 200, got 503.',
    })
    expect(await lookAtHttp(ok('fine'), { keyword: 'well' })).toMatchObject({
      outcome: 'down',
      sentence: 'The text “well” was not found in the first 4 bytes.',
    })
  })

  it.each(['http', 'tcp', 'ping'] as const)('that is not there refuses: %s', async (type) => {
    const port = await serve(() => undefined)
    const server = servers.pop()
    server?.close()
    if (server !== undefined) await once(server, 'close')
    const config = type === 'http' ? { url: `http://127.0.0.1:${port}/` } : { hostname: '127.0.0.1', port }
    expect(await lookAt(type, config)).toMatchObject({
      outcome: 'down',
      code: 'connect_refused',
      sentence: `127.0.0.1:${port} refused the connection.`,
    })
  })

  it('that stays silent has timed out', async () => {
    expect(await lookAtHttp((socket) => void socket.resume())).toMatchObject({
      outcome: 'down',
      sentence: 'No answer within 1 s.',
      phases: { connectMs: expect.any(Number), ttfbMs: null },
    })
  })

  it('that stays silent during the handshake has timed out there', async () => {
    expect(await lookAtHttp((socket) => void socket.resume(), {}, 'https')).toMatchObject({
      outcome: 'down',
      sentence: 'No TLS handshake within 1 s.',
    })
  })

  it('that floods is read up to the cap, and judged by what was read', async () => {
    const flood = (socket: Socket): void =>
      void socket.once('data', () => {
        const pump = (): void => {
          while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 'a')));
        }
        socket.on('drain', pump)
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        pump()
      })
    expect(await lookAtHttp(flood, { keyword: 'b', timeoutMs: 30_000 })).toMatchObject({
      outcome: 'down',
      sentence:
        'The text “b” was not found in the first 1048576 bytes. The answer goes on beyond what is read.',
    })
    expect(await lookAtHttp(flood, { timeoutMs: 30_000 })).toMatchObject({ outcome: 'up' })
  })

  it.each<[what: string, handle: (socket: Socket) => void, config: object, scheme: string, sentence: string]>(
    [
      [
        'speaks plain HTTP where TLS is expected',
        answering('HTTP/1.1 400 Bad Request\r\n\r\n'),
        {},
        'https',
        'This port does not speak TLS; it may serve plain HTTP.',
      ],
      [
        'closes during the handshake',
        (socket) => void socket.once('data', () => socket.end()),
        {},
        'https',
        'The connection was closed during the TLS handshake.',
      ],
      [
        'has no protocol in common',
        (socket) => void socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 120]))),
        {},
        'https',
        'The server does not offer HTTP/1.1 (by ALPN); it may speak HTTP/2 alone.',
      ],
      [
        'says something else',
        answering('SSH-2.0-OpenSSH_9.6\r\n'),
        {},
        'http',
        'The answer is not valid HTTP: it does not begin with a status line of HTTP/1.',
      ],
      [
        'ends too soon',
        answering('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'),
        { keyword: 'abc' },
        'http',
        'The answer is not valid HTTP: its body ended before the length that it gave.',
      ],
      [
        'uses a coding that nobody knows',
        ok('abc', 'Content-Encoding: compress\r\n'),
        { keyword: 'abc' },
        'http',
        'The answer is not valid HTTP: its content coding is not known (compress).',
      ],
      [
        'hangs up',
        (socket) => void socket.once('data', () => socket.end()),
        {},
        'http',
        'The connection was closed before an answer.',
      ],
    ],
  )('that %s is told so', async (_what, handle, config, scheme, sentence) => {
    expect(await lookAtHttp(handle, config, scheme)).toMatchObject({ outcome: 'down', sentence })
  })

  it('finds a keyword behind codings in a row', async () => {
    const page = gzipSync(Buffer.from('all is well'))
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip, identity\r\nContent-Length: ${page.length}\r\n\r\n`
    const handle = (socket: Socket): void =>
      void socket.once('data', () => {
        socket.write(head)
        socket.end(page)
      })
    expect(await lookAtHttp(handle, { keyword: 'is well' })).toMatchObject({ outcome: 'up' })
  })

  it.each(['http', 'tcp', 'ping'] as const)('at a special address is never dialled: %s', async (type) => {
    let connections = 0
    const port = await serve(() => (connections += 1))
    const rebound = createEgress({ allow: noAllowance, resolve: async () => [{ address: '127.0.0.1' }] })
    const config =
      type === 'http' ? { url: `http://site.example:${port}/` } : { hostname: 'site.example', port }
    const { looked } = await probe(rebound, checkOf(type, config))
    expect(looked).toMatchObject({ outcome: 'down', code: 'target_forbidden', remoteAddress: null })
    expect(JSON.stringify(looked)).not.toContain('127.0.0.1')
    expect(connections).toBe(0)
  })

  it('own-errors-are-told-as-ours: one of our own is unknown with its own code, and is handed on for the log', async () => {
    const broken = egressWith({ resolve: () => Promise.reject(new TypeError('a slip of ours')) })
    expect(await probe(broken, http)).toMatchObject({
      looked: { outcome: 'unknown', code: 'internal_error', remoteAddress: null },
      error: expect.objectContaining({ message: 'a slip of ours' }),
    })
  })

  it.each(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL'])(
    'own-errors-are-told-as-ours: a shortage is overload: %s',
    async (code) => {
      const { looked, error } = await probe(failingWith(code), http)
      expect(looked).toMatchObject({ outcome: 'unknown', code: 'node_overloaded' })
      expect(error).toBeUndefined()
    },
  )
})
