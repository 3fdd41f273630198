import type { Socket } from 'node:net'
import { createServer } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { egressTo, endless, policy, useLocalServers } from './fixtures/local-server.ts'
import { makeCertificate } from './fixtures/make-certificate.ts'

const { ask, serve } = useLocalServers()
// The default timeout of a check.
const timeoutMs = 10_000
const everything = { readBody: { bytesMax: 1_048_576 }, timeoutMs } as const

/**
 * The most bytes that the sockets of both sides buffer while nobody reads; a stream that is cut in time sends no more.
 */
const bufferedBytesMax = 32 * 1_048_576

/** Streams without end, and counts what could be written. */
function streaming(
  head: string,
  piece: Buffer,
): { readonly handle: (socket: Socket) => void; readonly sent: () => number } {
  const sockets: Socket[] = []
  const stream = endless(head, piece)
  return {
    handle: (socket) => {
      sockets.push(socket)
      stream(socket)
    },
    sent: () => sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
  }
}

const times = (text: string, count: number): Buffer => Buffer.from(text.repeat(count))
const ok = 'HTTP/1.1 200 OK\r\n'
const early = 'HTTP/1.1 103 Early Hints\r\n\r\n'

describe('a target that streams without end is cut long before its time is up', () => {
  it.each<[string, string, Buffer, string]>([
    ['interim answers', '', times(early, 2_000), 'invalid_http'],
    ['interim answers of another kind', '', times('HTTP/1.1 100 Continue\r\n\r\n', 2_000), 'invalid_http'],
    ['headers', ok, times('X-A: b\r\n', 8_000), 'headers_too_large'],
    ['one header', `${ok}X: `, times('y', 60_000), 'headers_too_large'],
    ['blank lines before the answer', '', times('\r\n', 30_000), 'headers_too_large'],
    ['a status text', 'HTTP/1.1 200 ', times('O', 60_000), 'headers_too_large'],
    ['chunk extensions', `${ok}Transfer-Encoding: chunked\r\n\r\n1`, times(';a=b', 16_000), 'invalid_http'],
    [
      'trailers',
      `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\n`,
      times('X-A: b\r\n', 8_000),
      'headers_too_large',
    ],
  ])('%s', async (_what, head, piece, code) => {
    const { handle, sent } = streaming(head, piece)
    await expect(ask(handle, everything)).rejects.toMatchObject({ code })
    expect(sent()).toBeLessThan(bufferedBytesMax)
  })

  it.each([
    ['a chunk for every byte', times('1\r\nz\r\n', 10_000)],
    ['a chunk for every byte, with an extension', times('1;a=b\r\nz\r\n', 6_000)],
  ])('%s: the body is cut', async (_what, piece) => {
    const { handle, sent } = streaming(`${ok}Transfer-Encoding: chunked\r\n\r\n`, piece)
    const { body, truncated } = await ask(handle, everything)
    expect(truncated).toBe(true)
    expect(body?.length).toBeLessThan(200_000)
    expect(sent()).toBeLessThan(bufferedBytesMax)
  })
})

describe('interim answers', () => {
  const final = `${ok}Content-Length: 2\r\n\r\nok`
  const answer = (bytes: string) => (socket: Socket) => void socket.once('data', () => socket.end(bytes))

  it('of four the final one is heard, of five it is not', async () => {
    expect((await ask(answer(`${early.repeat(4)}${final}`), everything)).body?.toString()).toBe('ok')
    await expect(ask(answer(`${early.repeat(5)}${final}`), everything)).rejects.toMatchObject({
      code: 'invalid_http',
      reason: 'TOO_MANY_INTERIM_ANSWERS',
    })
  })

  it('of 32 KiB in all are headers_too_large', async () => {
    const long = (bytes: number) => `HTTP/1.1 103 Early Hints\r\nLink: ${'l'.repeat(bytes)}\r\n\r\n`
    expect((await ask(answer(`${long(7_000).repeat(4)}${final}`), everything)).status).toBe(200)
    await expect(ask(answer(`${long(16_000).repeat(4)}${final}`), everything)).rejects.toMatchObject({
      code: 'headers_too_large',
    })
  })
})

describe('TLS', () => {
  const secure = (port: number, scheme: 'https' | 'tls' = 'https') =>
    scheme === 'https'
      ? egressTo([port]).request({
          url: `https://127.0.0.1:${port}/`,
          policy,
          timeoutMs,
          verifyCertificate: false,
        })
      : egressTo([port]).openConnection({
          target: { scheme: 'tls', hostname: '127.0.0.1', port },
          policy,
          timeoutMs,
        })

  // Handshake record, TLS 1.2, a message of type 0 and length 0: HelloRequest.
  const helloRequests = Buffer.concat(
    Array.from({ length: 7_000 }, () => Buffer.from('160303000400000000', 'hex')),
  )

  it.each(['https', 'tls'] as const)('HelloRequest without end is tls_protocol: %s', async (scheme) => {
    const { handle, sent } = streaming('', helloRequests)
    const { port } = await serve(handle)
    await expect(secure(port, scheme)).rejects.toMatchObject({ code: 'tls_protocol' })
    expect(sent()).toBeLessThan(bufferedBytesMax)
  })

  it('what is no TLS at all is tls_protocol', async () => {
    const { handle } = streaming('', Buffer.alloc(65_536, 'z'))
    const { port } = await serve(handle)
    await expect(secure(port)).rejects.toMatchObject({ code: 'tls_protocol' })
  })

  it('records that hold nothing of an answer are cut after the handshake as well', async () => {
    const server = createServer({ ...makeCertificate(['site.test']), maxVersion: 'TLSv1.2' })
    const open: Socket[] = []
    server.on('secureConnection', (socket) => {
      open.push(socket)
      socket.on('error', () => undefined)
      socket.once('data', () => {
        // A byte a record: twenty times the bytes on the wire that the parser is given.
        const pump = (): void => {
          if (socket.destroyed) return
          for (let i = 0; i < 200; i += 1) socket.write('\n')
          setImmediate(pump)
        }
        pump()
      })
    })
    const { port } = await serve(() => undefined, server)
    await expect(secure(port)).rejects.toMatchObject({
      code: expect.stringMatching(/^(headers_too_large|tls_protocol|invalid_http)$/),
    })
    for (const socket of open) socket.destroy()
  })
})
