import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSocket, parseReply, textUntilClosed } from './fixtures/raw-http.ts'
import { type SpawnedServer, spawnServer } from './fixtures/spawn-server.ts'

let server: SpawnedServer

beforeEach(async () => {
  server = await spawnServer({})
})
afterEach(() => server.stop())

const body = '{"email":"somebody@example.com","password":"not the right one"}'
const head = `POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`

/** A request of which the server has read the head, and waits for the rest. */
async function openHalfSent(): Promise<Socket> {
  const socket = await openSocket(server.origin)
  socket.write(head.replace('\r\n\r\n', '\r\nExpect: 100-continue\r\n\r\n'))
  const [chunk] = (await once(socket, 'data')) as [Buffer]
  expect(chunk.toString()).toContain('100 Continue')
  socket.write(body.slice(0, 20))
  return socket
}

/** A connection that has been answered, and is kept for more. */
async function openKept(): Promise<Socket> {
  const socket = await openSocket(server.origin)
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(socket, 'data')
  return socket
}

describe('a-stop-waits-for-answers-alone', () => {
  it('closes silent connections at once, lets a request finish, and ends', async () => {
    const silent = await openSocket(server.origin)
    const begun = await openSocket(server.origin)
    begun.write('GET /healthz HTTP/1.1\r\nHost: loc')
    const kept = await openKept()
    const halfSent = await openHalfSent()
    const text = textUntilClosed(halfSent)
    server.signal('SIGTERM')
    for (const socket of [silent, begun, kept]) if (!socket.closed) await once(socket, 'close')
    expect(halfSent.closed).toBe(false)
    halfSent.write(body.slice(20))
    const { status, headers } = parseReply(await text)
    expect(status).toBe(401)
    expect(headers.get('connection')).toBe('close')
    expect(await server.ended).toBe(0)
  })

  it('cuts a request that does not come to its end', async () => {
    const halfSent = await openHalfSent()
    server.signal('SIGTERM')
    await once(halfSent, 'close')
    expect(await server.ended).toBe(0)
  })

  it('a second signal ends it at once', async () => {
    await openHalfSent()
    const silent = await openSocket(server.origin)
    server.signal('SIGTERM')
    await once(silent, 'close')
    const timer = setInterval(() => server.signal('SIGTERM'), 100)
    expect(await server.ended).toBe(143)
    clearInterval(timer)
  })
})
