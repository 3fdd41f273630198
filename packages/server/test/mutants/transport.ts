import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { makeCertificate } from '../fixtures/certificate.ts'
import type { Mutant } from './mutant.ts'

/** A certificate of the test's own, in files as the server reads it. */
export function writeCertificate(): {
  readonly cert: string
  readonly key: string
  readonly settings: Readonly<Record<string, string>>
  readonly remove: () => void
} {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-tls-'))
  const pair = makeCertificate('127.0.0.1')
  const settings = {
    GATEHOUSE_TLS_CERT: join(folder, 'cert.pem'),
    GATEHOUSE_TLS_KEY: join(folder, 'key.pem'),
  }
  writeFileSync(settings.GATEHOUSE_TLS_CERT, pair.cert)
  writeFileSync(settings.GATEHOUSE_TLS_KEY, pair.key)
  return { ...pair, settings, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

let proxy: Server | undefined
let removeFiles = (): void => undefined

export const transportMutants: readonly Mutant[] = [
  {
    claim: 'transport.tls-1.3-alone',
    // People reach it through something that still speaks TLS 1.2.
    settings: async () => {
      const { cert, key, settings, remove } = writeCertificate()
      removeFiles = remove
      proxy = createServer({ cert, key, minVersion: 'TLSv1.2' }, (socket) => {
        socket.on('error', () => undefined).resume()
      })
      proxy.on('tlsClientError', () => undefined).listen(0, '127.0.0.1')
      await once(proxy, 'listening')
      // Safe: it listens on a port.
      const { port } = proxy.address() as AddressInfo
      return { ...settings, GATEHOUSE_PUBLIC_URL: `https://127.0.0.1:${port}` }
    },
    end: async () => {
      removeFiles()
      proxy?.close()
    },
  },
]
