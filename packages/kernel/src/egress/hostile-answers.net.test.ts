import type { Socket } from 'node:net'
import { inspect } from 'node:util'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { answering, dripping, endless, policy, useLocalServers } from './fixtures/local-server.ts'

const { ask } = useLocalServers()
const everything = { readBody: { bytesMax: 1_048_576 } } as const

function encoded(encoding: string, body: Buffer): (socket: Socket) => void {
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`
  return answering(head, body)
}

describe('compressed bodies', () => {
  const text = Buffer.from('the quick brown fox '.repeat(1_000))
  it.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['GZIP', gzipSync(text)],
    ['br', brotliCompressSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['identity', text],
    ['', text],
    [' ,, identity ,', text],
    ['gzip, identity', gzipSync(text)],
    ['identity,gzip', gzipSync(text)],
    ['gzip ,', gzipSync(text)],
    ['gzip, gzip', gzipSync(gzipSync(text))],
    ['deflate, br, X-GZIP', gzipSync(brotliCompressSync(deflateRawSync(text)))],
    ['zstd, gzip', gzipSync(zstdCompressSync(text))],
    ['deflate', deflateRawSync(Buffer.alloc(0))],
  ])('content-codings-are-undone-in-order: %s is undone', async (encoding, body) => {
    const expected = body.equals(deflateRawSync(Buffer.alloc(0))) ? Buffer.alloc(0) : text
    expect((await ask(encoded(encoding, body), everything)).body?.equals(expected)).toBe(true)
  })

  it('codings in two headers are one list', async () => {
    const body = gzipSync(deflateSync(text))
    const head = 'HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Encoding: gzip\r\n\r\n'
    expect((await ask(answering(head, body), everything)).body?.equals(text)).toBe(true)
  })

  it('raw deflate is told from zlib though its first byte looks like it', async () => {
    // A stored block (RFC 1951 §3.2.4) whose unused bits make the nibble of zlib's method.
    const body = Buffer.from([0x09, 0x02, 0x00, 0xfd, 0xff, 0x6f, 0x6b])
    expect((await ask(encoded('deflate', body), everything)).body?.toString()).toBe('ok')
  })

  it('one that is cut off is a truncated body', async () => {
    const body = gzipSync(text)
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`
    await expect(ask(answering(head, body.subarray(0, 40)), everything)).rejects.toMatchObject({
      code: 'invalid_http',
      httpFault: 'truncated_body',
    })
  })

  it('an empty one is empty', async () => {
    expect((await ask(encoded('gzip', Buffer.alloc(0)), everything)).body).toHaveLength(0)
  })

  it.each([
    ['gzip', Buffer.from('not gzip at all'), 'coding_broken', undefined],
    ['br', Buffer.from('not brotli at all'), 'coding_broken', undefined],
    ['zstd', Buffer.from('not zstd at all'), 'coding_broken', undefined],
    ['deflate', Buffer.from('not deflate at all'), 'coding_broken', undefined],
    ['gzip', gzipSync(text).subarray(0, 40), 'coding_broken', undefined],
    ['gzip, br', gzipSync(text), 'coding_broken', undefined],
    ['compress', text, 'coding_unknown', 'compress'],
    ['gzip, aes128gcm', text, 'coding_unknown', 'aes128gcm'],
    ['gzip;q=1', gzipSync(text), 'coding_unknown', undefined],
    ['<script>', text, 'coding_unknown', undefined],
    ['x'.repeat(41), text, 'coding_unknown', undefined],
    ['gzip, gzip, gzip, gzip, gzip', text, 'codings_too_many', undefined],
  ])('a broken or unknown %s is invalid_http and says which', async (encoding, body, httpFault, coding) => {
    const failure = { code: 'invalid_http', httpFault, coding }
    await expect(ask(encoded(encoding, body), everything)).rejects.toMatchObject(failure)
  })

  it('a bomb is cut at the cap: 256 MiB of zeros behind 256 KiB', async () => {
    const bomb = gzipSync(Buffer.alloc(256 * 1_048_576))
    const heapBefore = process.memoryUsage().arrayBuffers
    const response = await ask(encoded('gzip', bomb), everything)
    expect(response.truncated).toBe(true)
    expect(response.body).toHaveLength(1_048_576)
    expect(process.memoryUsage().arrayBuffers - heapBefore).toBeLessThan(64 * 1_048_576)
  })

  it.each([
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(32 * 1_048_576)))],
    ['br', brotliCompressSync(Buffer.alloc(32 * 1_048_576))],
    ['zstd', zstdCompressSync(Buffer.alloc(32 * 1_048_576))],
  ])('so is one of %s', async (encoding, bomb) => {
    const heapBefore = process.memoryUsage().arrayBuffers
    const response = await ask(encoded(encoding, bomb), everything)
    expect(response).toMatchObject({ truncated: true, body: Buffer.alloc(1_048_576) })
    expect(process.memoryUsage().arrayBuffers - heapBefore).toBeLessThan(64 * 1_048_576)
  })

  it('a bomb between two codings is cut as well', async () => {
    // Empty stored blocks of deflate, which come to nothing and compress to little.
    const nothing = Buffer.alloc(5 * 2_000_000, Buffer.from('000000ffff', 'hex'))
    const response = await ask(encoded('deflate, gzip', gzipSync(nothing)), everything)
    expect(response).toMatchObject({ truncated: true, body: Buffer.alloc(0) })
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

  it('interim answers that drip are cut after the fourth', async () => {
    const interim = 'HTTP/1.1 102 Processing\r\n\r\n'
    await expect(ask(dripping(interim, interim))).rejects.toMatchObject({ code: 'invalid_http' })
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

  const ok200 = 'HTTP/1.1 200 OK\r\n'
  const chunked = `${ok200}Transfer-Encoding: chunked\r\n\r\n`
  it.each([
    ['a banner', 'SSH-2.0-OpenSSH_9.6\r\n', 'not_http'],
    ['an old protocol', '<html>hello</html>', 'not_http'],
    ['frames of HTTP/2', Buffer.from('00000604000000000000030000006400', 'hex'), 'not_http'],
    ['a request', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'not_http'],
    ['a later version', 'HTTP/3.0 200 OK\r\n\r\n', 'version'],
    ['no version', 'HTTP/x.y 200 OK\r\n\r\n', 'version'],
    ['a status of letters', 'HTTP/1.1 2x0 OK\r\n\r\n', 'status_line'],
    ['a status of five digits', 'HTTP/1.1 20000 OK\r\n\r\n', 'status_line'],
    ['a blank in a header name', `${ok200}bad header: x\r\n\r\n`, 'header'],
    ['a header without a colon', `${ok200}nocolon\r\n\r\n`, 'header'],
    ['a NUL in a header', `${ok200}X: a\0b\r\n\r\n`, 'header'],
    ['a bare line feed in a header', `${ok200}X: a\rb\r\n\r\n`, 'header'],
    ['lines without a carriage return', 'HTTP/1.1 200 OK\nX: a\n\n', 'header'],
    ['a length of letters', `${ok200}Content-Length: x\r\n\r\nab`, 'content_length'],
    ['a length below zero', `${ok200}Content-Length: -1\r\n\r\nab`, 'content_length'],
    ['two lengths', `${ok200}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 'length_conflict'],
    [
      'a length and chunks',
      `${ok200}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      'length_conflict',
    ],
    [
      'chunks and a length',
      `${ok200}Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n`,
      'length_conflict',
    ],
    ['a chunk of no size', `${chunked}3\r\nabc\r\nzz\r\n`, 'chunk'],
    ['a chunk longer than its size', `${chunked}3\r\nabcdef\r\n0\r\n\r\n`, 'chunk'],
    ['a chunk line without a carriage return', `${chunked}3\nabc\n0\n\n`, 'chunk'],
    ['a chunk with endless extensions', `${chunked}3;${'a'.repeat(20_000)}\r\nabc\r\n0\r\n\r\n`, 'chunk'],
    ['a body shorter than its length', `${ok200}Content-Length: 10\r\n\r\nabc`, 'truncated_body'],
    ['chunks without their end', `${chunked}3\r\nabc\r\n`, 'truncated_body'],
    ['an end in the middle of the headers', `${ok200}Content-Le`, 'truncated_head'],
    ['an end in the middle of the status', 'HTTP/1.1 2', 'truncated_head'],
    ['more than its length', `${ok200}Content-Length: 1\r\nConnection: close\r\n\r\nabc`, 'extra_data'],
    [
      'an upgrade nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
      'upgrade',
    ],
  ])('invalid-http-names-its-fault: %s', async (_what, bytes, httpFault) => {
    const failure = { code: 'invalid_http', httpFault, remoteAddress: '127.0.0.1' }
    await expect(ask(answering(bytes), everything)).rejects.toMatchObject(failure)
  })

  it('the bytes that could not be parsed stay out of the error', async () => {
    const error: unknown = await ask(answering('remote secret\r\n')).catch((reason) => reason)
    expect(inspect(error, { depth: 9 })).not.toContain('secret')
    expect(error).toMatchObject({ code: 'invalid_http', reason: expect.stringMatching(/^HPE_/) })
  })

  it('an end before a byte is connection_reset', async () => {
    await expect(ask(answering(''), everything)).rejects.toMatchObject({ code: 'connection_reset' })
  })

  it('a reset is connection_reset', async () => {
    const resetting = (socket: Socket): void => void socket.once('data', () => socket.resetAndDestroy())
    await expect(ask(resetting)).rejects.toMatchObject({
      code: 'connection_reset',
      remoteAddress: '127.0.0.1',
    })
  })

  it('a reset in the middle of a body is too, and the answer had begun', async () => {
    const resetting = (socket: Socket): void =>
      void socket.once('data', () =>
        socket.write(`${ok200}Content-Length: 10\r\n\r\nabc`, () => socket.resetAndDestroy()),
      )
    const failure = await ask(resetting, everything).catch((error: unknown) => error)
    // A reset may overtake what was written before it.
    expect(failure).toMatchObject({ code: 'connection_reset' })
  })
})
