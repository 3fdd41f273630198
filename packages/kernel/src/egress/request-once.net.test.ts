import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { answering, dripping, egressTo, endless, policy, useLocalServers } from './fixtures/local-server.ts'

const { serve, ask } = useLocalServers()
const everything = { readBody: { bytesMax: 1_048_576 } } as const

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

  it('a chain of them ends at its first link, wherever the others lead', async () => {
    const moved = (location: string) =>
      answering(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`)
    const last = await serve(answering('HTTP/1.1 200 OK\r\n\r\n'))
    const second = await serve(moved(`http://127.0.0.1:${last.port}/`))
    const first = await serve(moved(`//127.0.0.1:${second.port}/`))
    const egress = egressTo([first.port, second.port, last.port])
    const response = await egress.request({ url: `http://127.0.0.1:${first.port}/`, policy, ...everything })
    expect(response.status).toBe(302)
    expect([first, second, last].map((server) => server.connections())).toEqual([1, 0, 0])
  })

  it.each(['/', 'http://169.254.169.254/latest/meta-data/', 'file:///etc/passwd', 'gopher://127.0.0.1/'])(
    'one that leads to %s is an answer like any other',
    async (location) => {
      const source = await serve(
        answering(`HTTP/1.1 307 Moved\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`),
      )
      const request = { url: `http://127.0.0.1:${source.port}/`, policy, ...everything }
      const response = await egressTo([source.port]).request(request)
      expect(response).toMatchObject({ status: 307, headers: { location } })
      expect(source.connections()).toBe(1)
    },
  )
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
