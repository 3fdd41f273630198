import { once } from 'node:events'
import type { Socket } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { answering, egressTo, policy, startLocalServer, type LocalServer } from './fixtures/local-server.ts'
import type { EgressRequest, EgressResponse } from './request-once.ts'

const servers: LocalServer[] = []
afterEach(async () => {
  // Every test leaves its server without an open connection: nothing leaks, on success or failure.
  for (const server of servers) await server.idle()
  for (const server of servers.splice(0)) await server.close()
})

async function serve(handle: (socket: Socket) => void): Promise<LocalServer> {
  const server = await startLocalServer(handle)
  servers.push(server)
  return server
}

async function ask(
  handle: (socket: Socket) => void,
  request: Omit<Partial<EgressRequest>, 'url'> = {},
): Promise<EgressResponse> {
  const { port } = await serve(handle)
  return egressTo([port]).request({ url: `http://127.0.0.1:${port}/`, policy, ...request })
}

const everything = { readBody: { bytesMax: 1_048_576 } } as const

function encoded(encoding: string, body: Buffer): (socket: Socket) => void {
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`
  return answering(head, body)
}

/** Writes `piece` as fast as the client reads, until the connection ends. */
function endless(head: string, piece: Buffer | string): (socket: Socket) => void {
  return (socket) =>
    void socket.once('data', () => {
      const pump = (): void => {
        while (!socket.destroyed && socket.write(piece));
      }
      socket.on('drain', pump)
      socket.write(head)
      pump()
    })
}

function dripping(head: string, piece: string): (socket: Socket) => void {
  return (socket) =>
    void socket.once('data', () => {
      socket.write(head)
      const timer = setInterval(() => socket.write(piece), 5)
      socket.once('close', () => clearInterval(timer))
    })
}

describe('one request', () => {
  it('gives status, headers, body and every phase it went through', async () => {
    const response = await ask(
      answering('HTTP/1.1 404 Nothing here\r\nServer: test\r\nContent-Length: 5\r\n\r\nhello'),
      everything,
    )
    expect(response).toMatchObject({
      status: 404,
      statusText: 'Nothing here',
      headers: { server: 'test' },
      body: Buffer.from('hello'),
      truncated: false,
      remoteAddress: '127.0.0.1',
      phases: { dnsMs: null, tlsMs: null },
    })
    const { connectMs, ttfbMs, downloadMs, totalMs } = response.phases
    for (const ms of [connectMs, ttfbMs, downloadMs, totalMs]) expect(Number.isInteger(ms)).toBe(true)
  })

  it('sends exactly what it was told, with our name on it', async () => {
    const server = await serve(answering('HTTP/1.1 204 No Content\r\n\r\n'))
    await egressTo([server.port]).request({
      url: `http://site.test:${server.port}/a/../b?c=d#e`,
      policy,
      method: 'POST',
      headers: { 'X-Own': 'yes', accept: 'text/plain' },
      body: 'héllo',
      ...everything,
    })
    expect(server.received().split('\r\n')).toEqual([
      'POST /b?c=d HTTP/1.1',
      `Host: site.test:${server.port}`,
      'User-Agent: Manako/1.0',
      'Connection: close',
      'Accept-Encoding: gzip, deflate, br',
      'Content-Length: 6',
      'X-Own: yes',
      'accept: text/plain',
      '',
      Buffer.from('héllo').toString('latin1'),
    ])
  })

  it('refuses to replace the User-Agent or to inject a header, before it connects', async () => {
    const server = await serve(answering('HTTP/1.1 200 OK\r\n\r\n'))
    const egress = egressTo([server.port])
    const url = `http://127.0.0.1:${server.port}/`
    for (const headers of [{ 'user-agent': 'x' }, { 'X-A': 'a\r\nHost: b' }]) {
      await expect(egress.request({ url, policy, headers })).rejects.toThrow()
    }
    expect(server.connections()).toBe(0)
  })

  it('ignores proxy variables of the environment', async () => {
    const proxy = await serve(answering('HTTP/1.1 502 Proxy\r\n\r\n'))
    const names = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']
    for (const name of names)
      process.env[name] = name.startsWith('NODE') ? '1' : `http://127.0.0.1:${proxy.port}`
    try {
      expect((await ask(answering('HTTP/1.1 200 OK\r\n\r\n'))).status).toBe(200)
    } finally {
      for (const name of names) delete process.env[name]
    }
    expect(proxy.connections()).toBe(0)
  })

  it('without a body to read, cuts the connection at the headers', async () => {
    const response = await ask(endless('HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(65_536)))
    expect(response).toMatchObject({ status: 200, body: undefined, truncated: false })
    expect(response.phases.downloadMs).toBeNull()
  })

  it('reads an answer to HEAD, and a 204, as empty', async () => {
    const head = answering('HTTP/1.1 200 OK\r\nContent-Length: 500\r\nContent-Encoding: gzip\r\n\r\n')
    expect((await ask(head, { method: 'HEAD', ...everything })).body).toHaveLength(0)
    expect((await ask(answering('HTTP/1.1 204 No Content\r\n\r\n'), everything)).body).toHaveLength(0)
  })

  it('passes over 103 to the final answer', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'
    expect((await ask(answering(early))).status).toBe(200)
  })
})

describe('redirects-are-never-followed', () => {
  it.each([301, 302, 303, 307, 308])('%d is an answer, and its destination sees nothing', async (status) => {
    const destination = await serve(answering('HTTP/1.1 200 OK\r\n\r\n'))
    const location = `http://127.0.0.1:${destination.port}/`
    const source = await serve(
      answering(`HTTP/1.1 ${status} Moved\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`),
    )
    const response = await egressTo([source.port, destination.port]).request({
      url: `http://127.0.0.1:${source.port}/`,
      policy,
      ...everything,
    })
    expect(response.status).toBe(status)
    expect(response.headers.location).toBe(location)
    expect(destination.connections()).toBe(0)
  })
})

describe('compressed bodies', () => {
  const text = Buffer.from('the quick brown fox '.repeat(1_000))
  it.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['GZIP', gzipSync(text)],
    ['br', brotliCompressSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['identity', text],
  ])('%s is undone', async (encoding, body) => {
    expect((await ask(encoded(encoding, body), everything)).body?.equals(text)).toBe(true)
  })

  it('an empty one is empty', async () => {
    expect((await ask(encoded('gzip', Buffer.alloc(0)), everything)).body).toHaveLength(0)
  })

  it.each([
    ['gzip', Buffer.from('not gzip at all')],
    ['br', Buffer.from('not brotli at all')],
    ['gzip', gzipSync(text).subarray(0, 40)],
    ['zstd', text],
    ['gzip, gzip', gzipSync(gzipSync(text))],
  ])('a broken or unknown %s is invalid_http', async (encoding, body) => {
    await expect(ask(encoded(encoding, body), everything)).rejects.toMatchObject({ code: 'invalid_http' })
  })

  it('a bomb is cut at the cap: 256 MiB of zeros behind 256 KiB', async () => {
    const bomb = gzipSync(Buffer.alloc(256 * 1_048_576))
    const heapBefore = process.memoryUsage().arrayBuffers
    const response = await ask(encoded('gzip', bomb), everything)
    expect(response.truncated).toBe(true)
    expect(response.body).toHaveLength(1_048_576)
    expect(process.memoryUsage().arrayBuffers - heapBefore).toBeLessThan(64 * 1_048_576)
  })

  it('data that decompresses to nothing for ever is cut as well', async () => {
    // An empty stored block of deflate, which any number of may follow each other.
    const nothing = Buffer.from('00000000ffff', 'hex').subarray(1)
    const head = 'HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n'
    const response = await ask(endless(head, Buffer.concat(Array.from({ length: 10_000 }, () => nothing))), {
      readBody: { bytesMax: 1_000 },
    })
    expect(response).toMatchObject({ truncated: true, body: Buffer.alloc(0) })
  })
})

describe('hostile answers', () => {
  const ok = 'HTTP/1.1 200 OK\r\n\r\n'

  it.each([
    ['a body of exactly the cap is whole', 10, 'a'.repeat(10), false],
    ['one byte more is truncated', 10, 'a'.repeat(11), true],
  ])('%s', async (_promise, bytesMax, text, truncated) => {
    const response = await ask(answering(ok, text), { readBody: { bytesMax } })
    expect(response).toMatchObject({ truncated, body: Buffer.from('a'.repeat(10)) })
  })

  it('a caller that needs the whole body gets body_too_large instead', async () => {
    const readBody = { bytesMax: 10, whenOver: 'refuse' } as const
    expect((await ask(answering(ok, 'a'.repeat(10)), { readBody })).body).toHaveLength(10)
    await expect(ask(answering(ok, 'a'.repeat(11)), { readBody })).rejects.toMatchObject({
      code: 'body_too_large',
    })
  })

  it("an endless body is cut at the policy's cap, whatever was asked for", async () => {
    const small = { ...policy, bodyBytesMax: 5_000 }
    const response = await ask(endless(ok, Buffer.alloc(65_536)), { policy: small, ...everything })
    expect(response.truncated).toBe(true)
    expect(response.body).toHaveLength(5_000)
  })

  it('a body that drips for ever ends at the deadline', async () => {
    await expect(ask(dripping(ok, 'a'), { timeoutMs: 150, ...everything })).rejects.toMatchObject({
      code: 'response_timeout',
      phases: { connectMs: expect.any(Number), ttfbMs: expect.any(Number), downloadMs: null },
    })
  })

  it('headers that drip for ever end at the deadline', async () => {
    await expect(ask(dripping('HTTP/1.1 200 OK\r\nX: ', 'a'), { timeoutMs: 150 })).rejects.toMatchObject({
      code: 'response_timeout',
      remoteAddress: '127.0.0.1',
    })
  })

  it('endless interim answers end at the deadline', async () => {
    const interim = 'HTTP/1.1 102 Processing\r\n\r\n'
    await expect(ask(dripping(interim, interim), { timeoutMs: 150 })).rejects.toMatchObject({
      code: 'response_timeout',
    })
  })

  it('silence ends at the deadline', async () => {
    await expect(ask((socket) => void socket.resume(), { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'response_timeout',
      phases: { connectMs: expect.any(Number), ttfbMs: null },
    })
  })

  it.each([
    ['100,000 headers', 'X: y\r\n'.repeat(100_000)],
    ['one header of a megabyte', `X: ${'y'.repeat(1_048_576)}\r\n`],
    ['a header name without end', 'y'.repeat(1_048_576)],
  ])('%s are headers_too_large', async (_what, headers) => {
    await expect(ask(answering(`HTTP/1.1 200 OK\r\n${headers}\r\n`))).rejects.toMatchObject({
      code: 'headers_too_large',
    })
  })

  it("the header cap is the policy's", async () => {
    const head = `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`
    await expect(ask(answering(head))).rejects.toMatchObject({ code: 'headers_too_large' })
    expect((await ask(answering(head), { policy: { ...policy, headerBytesMax: 32_768 } })).status).toBe(200)
  })

  it.each([
    ['a banner', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['an old protocol', '<html>hello</html>'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a bare line feed in a header', 'HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n'],
    [
      'an upgrade nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    ],
  ])('%s is invalid_http', async (_what, bytes) => {
    await expect(ask(answering(bytes), everything)).rejects.toMatchObject({ code: 'invalid_http' })
  })

  it('a broken chunk in the middle of a body is invalid_http', async () => {
    const chunks = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n'
    await expect(ask(answering(chunks), everything)).rejects.toMatchObject({ code: 'invalid_http' })
  })

  it.each([
    ['before a byte', ''],
    ['in the middle of the headers', 'HTTP/1.1 200 OK\r\nX: '],
    ['in the middle of the body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'],
  ])('an end %s is connection_reset', async (_where, bytes) => {
    await expect(ask(answering(bytes), everything)).rejects.toMatchObject({ code: 'connection_reset' })
  })

  it('a reset is connection_reset', async () => {
    const resetting = (socket: Socket): void => void socket.once('data', () => socket.resetAndDestroy())
    await expect(ask(resetting)).rejects.toMatchObject({
      code: 'connection_reset',
      remoteAddress: '127.0.0.1',
    })
  })
})

describe('a caller that gives up', () => {
  it('gets its own reason back, and the connection is cut', async () => {
    const server = await serve((socket) => void socket.resume())
    const controller = new AbortController()
    const asked = egressTo([server.port]).request({
      url: `http://127.0.0.1:${server.port}/`,
      policy,
      signal: controller.signal,
    })
    const reason = new Error('shutting down')
    controller.abort(reason)
    await expect(asked).rejects.toBe(reason)
    await expect(
      egressTo([server.port]).request({ url: 'http://127.0.0.1/', policy, signal: controller.signal }),
    ).rejects.toBe(reason)
  })

  it('also in the middle of a body', async () => {
    const controller = new AbortController()
    const reason = new Error('shutting down')
    const handle = (socket: Socket): void => {
      dripping('HTTP/1.1 200 OK\r\n\r\n', 'a')(socket)
      void once(socket, 'data').then(() => controller.abort(reason))
    }
    await expect(ask(handle, { signal: controller.signal, ...everything })).rejects.toBe(reason)
  })
})
