import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { afterEach, describe, expect, it } from 'vitest'
import type { Egress } from './create-egress.ts'
import { answering, egressTo, policy, useLocalServers } from './fixtures/local-server.ts'
import { makeCertificate } from './fixtures/make-certificate.ts'
import type { WebSocketConnection } from './open-web-socket.ts'

const { serve } = useLocalServers()
const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** A WebSocket server on loopback; `greet` gets every client. */
async function serveSockets(
  greet: (client: WebSocket, path: string | undefined) => void,
  server = createServer(),
): Promise<number> {
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (client, request) => greet(client, request.url))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  ends.push(() => {
    for (const client of sockets.clients) client.terminate()
    sockets.close()
    server.close()
  })
  // Safe: a server that listens on TCP has an address with a port.
  return (server.address() as AddressInfo).port
}

type Heard = {
  readonly connection: WebSocketConnection
  readonly messages: string[]
  readonly ended: Promise<number>
}

async function open(egress: Egress, url: string, options: { messageBytesMax?: number } = {}): Promise<Heard> {
  const messages: string[] = []
  const ended = Promise.withResolvers<number>()
  const connection = await egress.openWebSocket({
    url,
    policy,
    messageBytesMax: 1_000,
    onMessage: (text) => messages.push(text),
    onClose: ended.resolve,
    ...options,
  })
  ends.push(connection.end)
  return { connection, messages, ended: ended.promise }
}

describe('a WebSocket', () => {
  it('carries text both ways, and hears what came with the handshake', async () => {
    const port = await serveSockets((client, path) => {
      client.send(`hello ${String(path)}`)
      client.on('message', (data) => {
        // Safe: with the default binaryType, a message is one Buffer.
        client.send(`you said ${(data as Buffer).toString()}`)
      })
    })
    const { connection, messages } = await open(egressTo([port]), `ws://venue.test:${port}/stream?a=b`)
    connection.send('ping')
    await expect.poll(() => messages).toEqual(['hello /stream?a=b', 'you said ping'])
    expect(connection.remoteAddress).toBe('127.0.0.1')
  })

  it('over TLS is verified like any other connection', async () => {
    const certificate = makeCertificate(['venue.test'])
    const port = await serveSockets((client) => client.send('hello'), createTlsServer(certificate))
    const url = `wss://venue.test:${port}/`
    const { messages } = await open(egressTo([port], { trustedCertificates: [certificate.cert] }), url)
    await expect.poll(() => messages).toEqual(['hello'])
    await expect(open(egressTo([port]), url)).rejects.toMatchObject({ code: 'tls_untrusted' })
  })

  it('answers a ping with its own bytes, and says that it came', async () => {
    const pong = Promise.withResolvers<string>()
    const port = await serveSockets((client) => {
      client.on('pong', (data) => pong.resolve(data.toString()))
      client.ping('1700000000')
    })
    let pings = 0
    const connection = await egressTo([port]).openWebSocket({
      url: `ws://venue.test:${port}/`,
      policy,
      messageBytesMax: 10,
      onMessage: () => undefined,
      onPing: () => (pings += 1),
      onClose: () => undefined,
    })
    expect(await pong.promise).toBe('1700000000')
    expect(pings).toBe(1)
    connection.end()
  })

  it('ends with the code of the other side, 1006 where it just went, and sends nothing after that', async () => {
    const port = await serveSockets((client, path) => {
      if (path === '/close') client.close(1008)
      else client.terminate()
    })
    const closed = await open(egressTo([port]), `ws://venue.test:${port}/close`)
    expect(await closed.ended).toBe(1008)
    closed.connection.send('too late')
    const cut = await open(egressTo([port]), `ws://venue.test:${port}/cut`)
    expect(await cut.ended).toBe(1006)
  })

  it('is ended by a message that is too long, and by one that is no text', async () => {
    const codes = Promise.withResolvers<number>()
    const port = await serveSockets((client, path) => {
      client.on('close', codes.resolve)
      client.on('error', () => undefined)
      if (path === '/binary') client.send(Buffer.of(1, 2, 3))
      else client.send('x'.repeat(11))
    })
    const long = await open(egressTo([port]), `ws://venue.test:${port}/`, { messageBytesMax: 10 })
    expect(await long.ended).toBe(1006)
    expect(long.messages).toEqual([])
    const binary = await open(egressTo([port]), `ws://venue.test:${port}/binary`)
    expect(await binary.ended).toBe(1003)
    expect(await codes.promise).toBe(1009)
  })
})

describe('no WebSocket is opened', () => {
  it('to an address that is not public, or to a host that is not on the list', async () => {
    const port = await serveSockets(() => undefined)
    await expect(open(egressTo([port + 1]), `ws://venue.test:${port}/`)).rejects.toMatchObject({
      code: 'target_forbidden',
    })
    const request = { messageBytesMax: 10, onMessage: () => undefined, onClose: () => undefined }
    const listed = { ...policy, hosts: ['venue.test'] }
    const egress = egressTo([port])
    const connection = await egress.openWebSocket({
      ...request,
      url: `ws://venue.test:${port}/`,
      policy: listed,
    })
    connection.end()
    await expect(
      egress.openWebSocket({ ...request, url: `ws://other.test:${port}/`, policy: listed }),
    ).rejects.toMatchObject({ code: 'target_forbidden' })
  })

  it.each([
    [
      'a refusal',
      'HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n',
      'invalid_http',
      'STATUS_429',
    ],
    ['a redirect', 'HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1/\r\n\r\n', 'invalid_http', 'STATUS_302'],
    [
      'a handshake that proves nothing',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n',
      'invalid_http',
      undefined,
    ],
    ['what is no HTTP', 'SSH-2.0-OpenSSH\r\n', 'invalid_http', undefined],
    [
      'headers without end',
      `HTTP/1.1 101 Switching Protocols\r\nX: ${'x'.repeat(20_000)}`,
      'invalid_http',
      undefined,
    ],
  ])('on %s', async (_what, answer, code, reason) => {
    const { port } = await serve(answering(answer))
    const opening = open(egressTo([port]), `ws://venue.test:${port}/`)
    await expect(opening).rejects.toMatchObject(reason === undefined ? { code } : { code, reason })
  })

  it('by a server that never answers, nor for a caller who gives up', async () => {
    const { port } = await serve(() => undefined)
    const request = {
      url: `ws://venue.test:${port}/`,
      policy,
      messageBytesMax: 10,
      onMessage: () => undefined,
      onClose: () => undefined,
    }
    await expect(egressTo([port]).openWebSocket({ ...request, timeoutMs: 100 })).rejects.toMatchObject({
      code: 'response_timeout',
    })
    const controller = new AbortController()
    const opening = egressTo([port]).openWebSocket({ ...request, signal: controller.signal })
    const reason = new Error('shutting down')
    controller.abort(reason)
    await expect(opening).rejects.toBe(reason)
  })
})
