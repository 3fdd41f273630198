import type { Socket } from 'node:net'
import { inspect } from 'node:util'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
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
    ['identity', text],
  ])('%s is undone', async (encoding, body) => {
    expect((await ask(encoded(encoding, body), everything)).body?.equals(text)).toBe(true)
  })

  it('one that is cut off is connection_reset', async () => {
    const body = gzipSync(text)
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`
    await expect(ask(answering(head, body.subarray(0, 40)), everything)).rejects.toMatchObject({
      code: 'connection_reset',
    })
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

  it('the bytes that could not be parsed stay out of the error', async () => {
    const error: unknown = await ask(answering('remote secret\r\n')).catch((reason) => reason)
    expect(inspect(error, { depth: 9 })).not.toContain('secret')
    expect(error).toMatchObject({ code: 'invalid_http', reason: expect.stringMatching(/^HPE_/) })
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
