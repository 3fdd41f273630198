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

  const day = 86_400_000
  const root = makeCertificate(['Root'], { isAuthority: true })
  const oldRoot = makeCertificate(['Old root'], {
    isAuthority: true,
    notAfter: new Date(Date.now() - day / 2),
  })
  const newRoot = makeCertificate(['New root'], {
    isAuthority: true,
    notBefore: new Date(Date.now() + day / 2),
  })
  const signedBy = (name: string, { key }: TestCertificate) =>
    makeCertificate(['site.test'], { issuer: { name, key } })
  const withChain = (leaf: TestCertificate, ...chain: readonly TestCertificate[]): TestCertificate => ({
    key: leaf.key,
    cert: [leaf, ...chain].map(({ cert }) => cert).join(''),
  })

  it.each([
    ['is signed by itself', site, [], 'self_signed'],
    ['is not valid yet', future, [future], 'not_yet_valid'],
    ['comes with a root that nobody knows', withChain(signedBy('Root', root), root), [], 'private_authority'],
    ['comes without its issuer', signedBy('Root', root), [], 'unknown_authority'],
    [
      'has an issuer that has expired',
      withChain(signedBy('Old root', oldRoot), oldRoot),
      [oldRoot],
      'issuer_expired',
    ],
    [
      'has an issuer that is not valid yet',
      withChain(signedBy('New root', newRoot), newRoot),
      [newRoot],
      'issuer_not_yet_valid',
    ],
  ])(
    'tls-failures-name-their-fault: a certificate that %s',
    async (_fault, certificate, trusted, expected) => {
      const { server } = await serveTls(certificate)
      await expect(
        trusting(server.port, ...trusted).request({ url: `https://site.test:${server.port}/`, policy }),
      ).rejects.toMatchObject({ code: 'tls_untrusted', certificateFault: expected })
    },
  )

  it('the day on which a certificate begins is told', async () => {
    const { server } = await serveTls(future)
    const failure = await trusting(server.port, future)
      .request({ url: `https://site.test:${server.port}/`, policy })
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ validFromMs: expect.any(Number), expiredAtMs: undefined })
  })

  it.each<[what: string, options: ServerOptions, fault: string]>([
    [
      'speaks old versions only',
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      'version',
    ],
    ['offers HTTP/2 only', { ALPNProtocols: ['h2'] }, 'no_http1'],
    ['offers HTTP/2 only, in TLS 1.2', { ALPNProtocols: ['h2'], maxVersion: 'TLSv1.2' }, 'no_http1'],
    ['has no cipher in common', { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' }, 'handshake_refused'],
    ['has no certificate', { key: undefined, cert: undefined }, 'handshake_refused'],
    [
      'wants a certificate of ours',
      { requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' },
      'client_certificate',
    ],
  ])('tls-failures-name-their-fault: a server that %s', async (_what, options, fault) => {
    const { server } = await serveTls(site, options)
    await expect(
      trusting(server.port, site).request({ url: `https://site.test:${server.port}/`, policy }),
    ).rejects.toMatchObject({ code: 'tls_protocol', tlsFault: fault })
  })

  it.each([
    [40, 'handshake_refused'],
    [42, 'client_certificate'],
    [46, 'client_certificate'],
    [48, 'client_certificate'],
    [70, 'version'],
    [71, 'cipher'],
    [80, 'alert'],
    [86, 'version'],
    [112, 'name_refused'],
    [116, 'client_certificate'],
    [120, 'no_http1'],
  ])('tls-failures-name-their-fault: the alert %d is %s', async (alert, fault) => {
    const { port } = await serve(
      (socket) => void socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, alert]))),
    )
    await expect(
      egressTo([port]).request({ url: `https://site.test:${port}/`, policy }),
    ).rejects.toMatchObject({
      code: 'tls_protocol',
      tlsFault: fault,
      ...(fault === 'alert' ? { alert: 'internal error' } : {}),
    })
  })

  it.each<[what: string, handle: (socket: Socket) => void]>([
    ['plain HTTP', answering('HTTP/1.1 400 Bad Request\r\nServer: test\r\n\r\n<html>')],
    ['SSH', (socket) => void socket.write('SSH-2.0-OpenSSH_9.6\r\n')],
    ['SMTP', (socket) => void socket.write('220 mail.test ESMTP\r\n')],
    ['MySQL', (socket) => void socket.write(Buffer.from('4a0000000a382e302e33', 'hex'))],
  ])('tls-failures-name-their-fault: a port that speaks %s does not speak TLS', async (_what, handle) => {
    const { port } = await serve(handle)
    await expect(
      egressTo([port]).request({ url: `https://site.test:${port}/`, policy }),
    ).rejects.toMatchObject({ code: 'tls_protocol', tlsFault: 'not_tls' })
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
