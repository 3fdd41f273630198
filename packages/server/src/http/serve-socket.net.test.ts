import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { InvalidationListener } from '@gatehouse/kernel/db'
import { bind, defineEndpoint, SocketReply } from '@gatehouse/kernel/endpoint'
import { createMemoryStore } from '@gatehouse/kernel/limits'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import { defineProblems } from '@gatehouse/kernel/problem'
import { fakeClock } from '@gatehouse/kernel/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { startTestPlatform, type TestPlatform } from '../platform/testing/test-platform.ts'
import type { ServedService } from '../service/define-service.ts'
import { problemEnvelope } from '../service/envelope.ts'
import type { Proof } from './authenticate.ts'
import { bearer, closeOf, openSocket, refusedSocket } from './fixtures/socket-client.ts'
import { createLimiter } from './limiter.ts'
import { type HttpServer, listen, type ListenDeps } from './listen.ts'
import { judgeControlTokens } from '../mcp/judge-control-tokens.ts'

const perMinute = { windowSeconds: 60, whenStoreFails: 'refuse' } as const
const floorMs = 80

const echo = defineEndpoint({
  method: 'GET',
  path: '/echo/v1/stream',
  id: 'openEcho',
  summary: 'Say it again',
  tag: 'echo',
  access: { kind: 'key', scope: 'echo:read' },
  query: z.looseObject({ times: z.enum(['1', '2']).optional() }),
  reply: {
    status: 101,
    socket: {
      protocols: ['echo.v1'],
      provesLater: ['echo.v1'],
      unprovenPerAddressMax: 2,
      messageBytesMax: 100,
      queryCredential: 'api_key',
    },
  },
  problems: [],
})

const problems = defineProblems({ key_in_url: [422, 'A key must not be in the URL'] })

const service: ServedService = {
  name: 'echo',
  policy: {
    keyShape: { prefixes: ['ek_'], alphabet: 'abcdef', bodyLength: 8, visibleLength: 5, check: null },
    gate: {
      credentialHeaders: ['authorization', 'x-api-key'],
      floorMs,
      floorOn: 'failures',
      beforeProof: { name: 'echo-before-proof', limit: 60, ...perMinute },
      perKey: { name: 'echo-key', limit: 60, ...perMinute },
      perKeyBy: 'key',
      perUser: { name: 'echo-user', limit: 60, ...perMinute },
    },
    keyInUrl: { names: ['api_key', 'key', 'token'], refusal: problems.key_in_url },
    publicLimits: {},
    scopes: ['echo:read'],
    defaultScopes: ['echo:read'],
    deviceScopes: null,
  },
  envelope: problemEnvelope,
  endpoints: [
    bind(
      echo,
      (caller) =>
        new SocketReply((connection) => {
          let who = caller.kind === 'key' ? caller.keyId : undefined
          return {
            onText: (text) => {
              if (who !== undefined) return connection.send(`${who} ${text}`)
              void connection.prove(text).then((proof) => {
                if (!proof.accepted) return
                who = proof.principal.keyId
                connection.send('proven')
              })
            },
            onPong: () => undefined,
            onClose: () => undefined,
          }
        }),
    ),
  ],
}

const keyOf = (keyId: string, scopes: KeyPrincipal['scopes'] = ['echo:read']): Proof<KeyPrincipal> => ({
  accepted: true,
  principal: {
    kind: 'key',
    orgId: 'acme',
    service: 'echo',
    keyId,
    keyPrefix: 'ek_aa',
    scopes,
    ip: '127.0.0.1',
  },
  requestsPerWindow: null,
})

let platform: TestPlatform
let server: HttpServer
let keys: Map<string, Proof<KeyPrincipal>>
let tell: InvalidationListener
let isConnected: boolean
let routes: string[]
let logged: string[]
let takesQueryKeys = false

beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())

beforeEach(async () => {
  const { deps } = platform
  keys = new Map([
    ['ek_aaaaaaaa', keyOf('one')],
    ['ek_bbbbbbbb', keyOf('two', [])],
  ])
  isConnected = true
  routes = []
  logged = []
  const note = (message: string, fields?: object): void => void logged.push(JSON.stringify([message, fields]))
  const listeners = new Set<InvalidationListener>()
  tell = (subject) => {
    for (const listener of listeners) listener(subject)
  }
  const lent: ListenDeps = {
    // The floor is kept by real time.
    clock: { now: Date.now, monotonic: () => performance.now() },
    limiter: createLimiter(createMemoryStore(), fakeClock()),
    refusals: {
      note: (refused) => note('refusal', refused),
      noteAccepted: () => undefined,
      stop: async () => undefined,
    },
    verifyMaster: () => ({ accepted: false, reason: 'not_configured' }),
    log: { debug: note, info: note, warn: note, error: note },
    calls: {
      record: (call) => void routes.push(`${call.status} ${call.route} ${call.keyPrefix}`),
      counts: () => ({ queued: 0, waited: 0, lost: 0 }),
      flush: async () => undefined,
      stop: async () => undefined,
    },
    trustedHops: 0,
    publicUrl: () => 'http://localhost',
    publicPath: '',
    verifyKey: async (_service, text) => keys.get(text) ?? { accepted: false, reason: 'unknown' },
    verifySession: async () => ({ accepted: false, reason: 'unknown' }),
    isInstanceAdmin: async () => false,
    belongsElsewhere: async () => false,
    verifySudo: async () => false,
    securityHeaders: { 'x-content-type-options': 'nosniff' },
    judgeControlTokens,
    preflightOrigins: [],
    isOriginAllowed: async () => false,
    news: {
      isConnected: () => isConnected,
      subscribe: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    rereadKeys: async () => (id) => {
      const proof = [...keys.values()].find((one) => one.accepted && one.principal.keyId === id)
      if (proof?.accepted !== true) return { accepted: false, reason: 'revoked' }
      const { orgId, keyId, keyPrefix, scopes } = proof.principal
      return { accepted: true, orgId, keyId, keyPrefix, service: 'echo', scopes, requestsPerWindow: null }
    },
    takesQueryKeys,
    db: deps.db,
    digests: deps.digests,
  }
  server = await listen(lent, {
    host: '127.0.0.1',
    port: 0,
    trustedProxies: [],
    socketsPerAddressMax: 100,
    services: [service],
  })
})
afterEach(() => server.stop())

type Knock = Parameters<typeof openSocket>
const open = (query = '', protocols?: Knock[1], options?: Knock[2]) =>
  openSocket(`${server.origin}/echo/v1/stream${query}`, protocols, options)
const refusal = (query = '', protocols?: Knock[1], options?: Knock[2]) =>
  refusedSocket(`${server.origin}/echo/v1/stream${query}`, protocols, options)

describe('a socket is opened in the order of any other request', () => {
  it('with a key that may, and what it was opened with is recorded', async () => {
    const { socket, said } = await open('', [], { ...bearer('ek_aaaaaaaa'), perMessageDeflate: true })
    expect({ protocol: socket.protocol, extensions: socket.extensions }).toEqual({
      protocol: '',
      extensions: '',
    })
    socket.send('hello')
    await expect.poll(() => said).toEqual(['one hello'])
    expect(routes).toEqual(['101 /echo/v1/stream ek_aa'])
    socket.terminate()
  })

  it('strangers are refused with the bytes of a request, and no sooner than the floor', async () => {
    const plain = await fetch(`${server.origin}/echo/v1/stream`)
    const text = await plain.text()
    const mask = (body: string, id: unknown) => body.replaceAll(String(id), 'REQUEST')
    for (const options of [
      {},
      bearer('ek_cccccccc'),
      bearer('short'),
      { headers: { authorization: 'Basic YQ==' } },
    ]) {
      const { status, body, headers, tookMs } = await refusal('', [], options)
      expect({ status, body: mask(body, headers['x-request-id']) }).toEqual({
        status: 401,
        body: mask(text, plain.headers.get('x-request-id')),
      })
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(tookMs).toBeGreaterThanOrEqual(floorMs)
    }
  })

  it('a key without the scope, a wrong query and a handshake that is none are refused by name', async () => {
    expect((await refusal('', [], bearer('ek_bbbbbbbb'))).status).toBe(403)
    expect(await refusal('?times=3', [], bearer('ek_aaaaaaaa'))).toMatchObject({
      status: 400,
      body: expect.stringContaining('times'),
    })
    const old = { ...bearer('ek_aaaaaaaa'), protocolVersion: 8 }
    expect(await refusal('', [], old)).toMatchObject({
      status: 400,
      body: expect.stringContaining('Sec-WebSocket-Version'),
    })
  })

  it('a request that asks for no socket is told so, and one that asks for anything else is a request', async () => {
    const headers = { authorization: 'Bearer ek_aaaaaaaa' }
    const plain = await fetch(`${server.origin}/echo/v1/stream`, { headers })
    expect(plain.status).toBe(426)
    expect(plain.headers.get('upgrade')).toBe('websocket')
    const elsewhere = new WebSocket(`${server.origin.replace('http', 'ws')}/echo/v1/other`)
    elsewhere.on('error', () => undefined)
    // Safe: what the library gives its listeners of `unexpected-response`.
    const [, response] = (await once(elsewhere, 'unexpected-response')) as [unknown, IncomingMessage]
    expect(response.statusCode).toBe(404)
    response.resume()
  })

  it('more handshakes than the limit of the key allows are refused with the time to wait', async () => {
    for (let count = 0; count < 60; count += 1) (await open('', [], bearer('ek_aaaaaaaa'))).socket.terminate()
    const { status, headers } = await refusal('', [], bearer('ek_aaaaaaaa'))
    expect({ status, retry: headers['retry-after'] }).toMatchObject({
      status: 429,
      retry: expect.stringMatching(/^\d+$/),
    })
  })
})

describe('keys-in-urls-are-refused-unless-switched-on-and-never-recorded', () => {
  it.each(['api_key', 'key', 'token', 'API_KEY', 'api%5Fkey'])(
    '%s is refused, whatever it holds',
    async (name) => {
      for (const key of ['ek_aaaaaaaa', 'ek_cccccccc', '']) {
        const { status, body, tookMs } = await refusal(`?${name}=${key}&times=1`)
        expect({ status, body }).toMatchObject({ status: 422, body: expect.stringContaining('key_in_url') })
        expect(tookMs).toBeGreaterThanOrEqual(floorMs)
        const plain = await fetch(`${server.origin}/echo/v1/stream?times=1&${name}=${key}`)
        expect(plain.status).toBe(422)
      }
      expect([...logged, ...routes].join('\n')).not.toMatch(/ek_[ac]{8}/)
    },
  )

  describe('switched on', () => {
    beforeAll(() => {
      takesQueryKeys = true
    })
    afterAll(() => {
      takesQueryKeys = false
    })

    it('the one name opens a connection without a subprotocol, and nothing keeps the key', async () => {
      const { socket, said } = await open('?api_key=ek_aaaaaaaa&times=1')
      socket.send('hello')
      await expect.poll(() => said).toEqual(['one hello'])
      socket.terminate()
      expect((await refusal('?api_key=ek_cccccccc')).status).toBe(401)
      expect((await refusal('?api_key=ek_aaaaaaaa', [], bearer('ek_bbbbbbbb'))).status).toBe(401)
      expect((await refusal('?api_key=ek_aaaaaaaa&api_key=ek_bbbbbbbb')).status).toBe(401)
      for (const [query, protocols] of [
        ['?key=ek_aaaaaaaa', []],
        ['?API_KEY=ek_aaaaaaaa', []],
        ['?api_key=ek_aaaaaaaa', ['echo.v1']],
      ] as const)
        expect((await refusal(query, protocols)).status).toBe(422)
      const plain = await fetch(`${server.origin}/echo/v1/stream?api_key=ek_aaaaaaaa`)
      expect(plain.status).toBe(422)
      expect([...logged, ...routes].join('\n')).not.toMatch(/ek_[abc]{8}/)
    })
  })
})

describe('a connection ends', () => {
  it('with 1003 for bytes and 1009 for a message that is too long', async () => {
    const bytes = await open('', [], bearer('ek_aaaaaaaa'))
    bytes.socket.send(Buffer.from('x'), { binary: true })
    expect((await closeOf(bytes.socket)).code).toBe(1003)
    const long = await open('', [], bearer('ek_aaaaaaaa'))
    long.socket.send('x'.repeat(101))
    expect((await closeOf(long.socket)).code).toBe(1009)
  })

  it('with 4410 when its key is revoked, as soon as that is told', async () => {
    const { socket } = await open('', [], bearer('ek_aaaaaaaa'))
    const other = await open('', [], bearer('ek_aaaaaaaa'))
    keys.clear()
    tell('key:another')
    tell('key:one')
    expect((await closeOf(socket)).code).toBe(4410)
    expect(other.socket.readyState).toBeGreaterThan(WebSocket.OPEN)
  })

  it('with 4410 all the same where the channel that tells of it is down', async () => {
    const { socket } = await open('', [], bearer('ek_aaaaaaaa'))
    isConnected = false
    keys.clear()
    expect((await closeOf(socket)).code).toBe(4410)
  })

  it('with 4403 when its organisation is suspended, or its key lost the scope', async () => {
    const { socket } = await open('', [], bearer('ek_aaaaaaaa'))
    keys.set('ek_aaaaaaaa', keyOf('one', []))
    tell('org:acme')
    expect((await closeOf(socket)).code).toBe(4403)
  })

  it('with 1001 when the server stops, which refuses handshakes with 503 by then', async () => {
    const { socket } = await open('', [], bearer('ek_aaaaaaaa'))
    const closed = closeOf(socket)
    // Paused, it does not answer the end of the connection, so that the server waits for it.
    const silent = await open('', [], bearer('ek_aaaaaaaa'))
    silent.socket.pause()
    const stopped = server.stop()
    expect(await closed).toEqual({ code: 1001, reason: 'reconnect' })
    expect(await refusal('', [], bearer('ek_aaaaaaaa'))).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
    })
    await stopped
    silent.socket.terminate()
  })
})

describe('a key may follow as a message under the subprotocol that says so', () => {
  it('and opens what it would have opened before', async () => {
    const { socket, said } = await open('', ['other', 'echo.v1'])
    expect(socket.protocol).toBe('echo.v1')
    socket.send('ek_aaaaaaaa')
    await expect.poll(() => said).toEqual(['proven'])
    socket.send('hello')
    await expect.poll(() => said).toEqual(['proven', 'one hello'])
    keys.clear()
    tell('key:one')
    expect((await closeOf(socket)).code).toBe(4410)
  })

  it('a wrong one ends with 4401 after the floor, one without the scope with 4403', async () => {
    const wrong = await open('', ['echo.v1'])
    const startedMs = performance.now()
    wrong.socket.send('ek_cccccccc')
    expect(await closeOf(wrong.socket)).toEqual({ code: 4401, reason: 'not authenticated' })
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(floorMs)
    const bare = await open('', ['echo.v1'])
    bare.socket.send('ek_bbbbbbbb')
    expect((await closeOf(bare.socket)).code).toBe(4403)
  })

  it('an address has no more connections without proof than the endpoint allows', async () => {
    const first = await open('', ['echo.v1'])
    const second = await open('', ['echo.v1'])
    const third = await open('', ['echo.v1'])
    expect((await closeOf(third.socket)).code).toBe(4429)
    first.socket.send('ek_aaaaaaaa')
    await expect.poll(() => first.said).toEqual(['proven'])
    const fourth = await open('', ['echo.v1'])
    fourth.socket.send('ek_aaaaaaaa')
    await expect.poll(() => fourth.said).toEqual(['proven'])
    for (const { socket } of [first, second, fourth]) socket.terminate()
  })
})
