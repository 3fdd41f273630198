import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeCertificate } from './fixtures/certificate.ts'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-tls-'))
const files = { GATEHOUSE_TLS_CERT: join(folder, 'cert.pem'), GATEHOUSE_TLS_KEY: join(folder, 'key.pem') }
let server: ComposedServer

function write({ cert, key }: { readonly cert: string; readonly key: string }): void {
  writeFileSync(files.GATEHOUSE_TLS_KEY, key)
  writeFileSync(files.GATEHOUSE_TLS_CERT, cert)
}

beforeAll(async () => {
  write(makeCertificate('one.test'))
  server = await composeServer(files)
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** What a handshake ends with: the protocol and the certificate's name. */
async function shake(options: ConnectionOptions = {}): Promise<{ protocol: string | null; name: unknown }> {
  const { hostname: host, port } = new URL(server.origin)
  const socket: TLSSocket = connect({ host, port: Number(port), rejectUnauthorized: false, ...options })
  try {
    await once(socket, 'secureConnect')
    return { protocol: socket.getProtocol(), name: socket.getPeerCertificate().subject.CN }
  } finally {
    socket.destroy()
  }
}

it('a handshake speaks TLS 1.3, and one that cannot is refused', async () => {
  expect(server.origin).toMatch(/^https:/)
  expect(await shake()).toEqual({ protocol: 'TLSv1.3', name: 'one.test' })
  await expect(shake({ maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version|alert|EPROTO|ECONNRESET/i)
})

it('requests are served over it', async () => {
  const { hostname: host, port } = new URL(server.origin)
  const socket = connect({ host, port: Number(port), rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  // Not ended: a client that closes its half is taken by Node to have gone.
  socket.write('GET /healthz HTTP/1.1\r\nHost: one.test\r\nConnection: close\r\n\r\n')
  let text = ''
  for await (const bytes of socket) text += String(bytes)
  expect(text).toMatch(/^HTTP\/1\.1 200 /)
  expect(text).toContain('strict-transport-security')
})

it('a renewed certificate is taken while the server runs', async () => {
  write(makeCertificate('two.test'))
  await expect.poll(async () => (await shake()).name).toBe('two.test')
})

it('files that do not belong together change nothing', async () => {
  writeFileSync(files.GATEHOUSE_TLS_KEY, makeCertificate('stray.test').key)
  write(makeCertificate('three.test'))
  await expect.poll(async () => (await shake()).name).toBe('three.test')
  const pair = makeCertificate('four.test')
  writeFileSync(files.GATEHOUSE_TLS_CERT, pair.cert)
  // The watcher has seen the half-written pair once the whole one that follows is served.
  expect((await shake()).name).toBe('three.test')
  writeFileSync(files.GATEHOUSE_TLS_KEY, pair.key)
  await expect.poll(async () => (await shake()).name).toBe('four.test')
})

it('a certificate without its key stops the start with a sentence', async () => {
  await expect(composeServer({ GATEHOUSE_TLS_CERT: files.GATEHOUSE_TLS_CERT })).rejects.toThrow(
    'GATEHOUSE_TLS_CERT and GATEHOUSE_TLS_KEY must be given together',
  )
})
