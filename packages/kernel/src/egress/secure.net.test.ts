import { createServer, type TlsOptions as ServerOptions } from 'node:tls'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { answering, egressTo, policy, useLocalServers, type LocalServer } from './fixtures/local-server.ts'
import { makeCertificate, type TestCertificate } from './fixtures/make-certificate.ts'

const site = makeCertificate(['site.test'])
const { serve } = useLocalServers()

type Served = { readonly server: LocalServer; readonly heard: () => string; readonly serverNames: string[] }

/** A TLS server that answers every request; `heard` is what it could decrypt. */
async function serveTls(certificate: TestCertificate, options: ServerOptions = {}): Promise<Served> {
  const serverNames: string[] = []
  let heard = ''
  const tls = createServer({ ...certificate, ...options }, (socket) => {
    serverNames.push(String(socket.servername))
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')))
    answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')(socket)
  })
  tls.on('tlsClientError', () => undefined)
  const server = await serve(() => undefined, tls)
  return { server, heard: () => heard, serverNames }
}

const trusting = (port: number, ...certificates: readonly TestCertificate[]) =>
  egressTo([port], { trustedCertificates: certificates.map(({ cert }) => cert) })

describe('TLS', () => {
  it('is verified, names the host it wants, and is timed', async () => {
    const { server, serverNames } = await serveTls(site)
    const response = await trusting(server.port, site).request({
      url: `https://site.test:${server.port}/`,
      policy,
      readBody: { bytesMax: 10 },
    })
    expect(response.body?.toString()).toBe('ok')
    expect(serverNames).toEqual(['site.test'])
    const { dnsMs, connectMs, tlsMs, ttfbMs, downloadMs } = response.phases
    for (const ms of [dnsMs, connectMs, tlsMs, ttfbMs, downloadMs]) expect(Number.isInteger(ms)).toBe(true)
  })

  it('opens a bare tls connection too', async () => {
    const { server } = await serveTls(site)
    const target = { scheme: 'tls', hostname: 'site.test', port: server.port } as const
    const { socket, phases } = await trusting(server.port, site).openConnection({ target, policy })
    expect(phases.tlsMs).not.toBeNull()
    socket.destroy()
  })

  const expired = makeCertificate(['site.test'], {
    notBefore: new Date('2024-01-01T00:00:00Z'),
    notAfter: new Date('2024-02-01T00:00:00Z'),
  })
  const future = makeCertificate(['site.test'], {
    notBefore: new Date(Date.now() + 86_400_000),
    notAfter: new Date(Date.now() + 2 * 86_400_000),
  })
  const other = makeCertificate(['other.test'])

  it.each([
    ['self-signed', site, [], { code: 'tls_untrusted', reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' }],
    ['another name', other, [other], { code: 'tls_name_mismatch' }],
    ['expired', expired, [expired], { code: 'tls_expired', expiredAtMs: Date.parse('2024-02-01T00:00:00Z') }],
    ['not yet valid', future, [future], { code: 'tls_untrusted', reason: 'CERT_NOT_YET_VALID' }],
  ])(
    'a certificate that is %s is refused before a byte is sent',
    async (_fault, certificate, trusted, expected) => {
      const { server, heard } = await serveTls(certificate)
      await expect(
        trusting(server.port, ...trusted).request({ url: `https://site.test:${server.port}/`, policy }),
      ).rejects.toMatchObject({
        ...expected,
        remoteAddress: '127.0.0.1',
        phases: { tlsMs: expect.any(Number), ttfbMs: null },
      })
      await server.idle()
      expect(heard()).toBe('')
    },
  )

  it('a certificate for a name does not serve an address', async () => {
    const { server } = await serveTls(site)
    await expect(
      trusting(server.port, site).request({ url: `https://127.0.0.1:${server.port}/`, policy }),
    ).rejects.toMatchObject({ code: 'tls_name_mismatch' })
  })

  it('is not verified only where the caller says so', async () => {
    const { server, heard } = await serveTls(other)
    const request = { url: `https://site.test:${server.port}/`, policy, verifyCertificate: false }
    expect((await egressTo([server.port]).request(request)).status).toBe(200)
    expect(heard()).toContain('GET / HTTP/1.1')
  })

  it('a server without a common version is tls_protocol', async () => {
    const { server } = await serveTls(site, {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    await expect(
      trusting(server.port, site).request({ url: `https://site.test:${server.port}/`, policy }),
    ).rejects.toMatchObject({ code: 'tls_protocol', phases: { connectMs: expect.any(Number), tlsMs: null } })
  })

  it.each<[what: string, code: string, handle: (socket: Socket) => void]>([
    ['speaks plain HTTP', 'tls_protocol', answering('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['hangs up', 'connection_reset', (socket) => void socket.once('data', () => socket.end())],
    ['resets', 'connection_reset', (socket) => void socket.once('data', () => socket.resetAndDestroy())],
    ['says nothing', 'tls_timeout', (socket) => void socket.resume()],
  ])('a server that %s during the handshake is %s', async (_what, code, handle) => {
    const { port } = await serve(handle)
    await expect(
      egressTo([port]).request({ url: `https://site.test:${port}/`, policy, timeoutMs: 200 }),
    ).rejects.toMatchObject({ code, phases: { connectMs: expect.any(Number), tlsMs: null } })
  })
})
