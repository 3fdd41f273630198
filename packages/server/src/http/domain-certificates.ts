import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createSecureContext, type SecureContext } from 'node:tls'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'

export type DomainCertificates = {
  /** The certificate of a domain as its files are now; undefined when there is none that can be used. */
  readonly find: (domain: string) => Promise<SecureContext | undefined>
}

/** The names that ACME clients give them, in a folder for each domain. */
const fileNames = ['fullchain.pem', 'privkey.pem'] as const

type Known = { readonly state: string; readonly context: SecureContext | undefined }

/**
 * Reads the certificates of domains from `FOLDER/DOMAIN/fullchain.pem` and `privkey.pem`. Both files are looked at on each
 * handshake, so that a renewed certificate is used at once; they are read only when they have changed. Callers pass names of
 * active domains alone, so that no stranger's handshake reaches the disk.
 */
export function createDomainCertificates(folder: string, log: Logger): DomainCertificates {
  const known = new Map<string, Known>()
  return {
    find: async (domain) => {
      const files = fileNames.map((name) => join(folder, domain, name))
      const state = await readState(files)
      const before = known.get(domain)
      if (state === undefined) return before?.context
      if (before?.state === state) return before.context
      const context = await open(files).catch((error: unknown) => {
        log.error('The certificate of a domain cannot be used', { path: files[0], ...toErrorFields(error) })
        return before?.context
      })
      known.set(domain, { state, context })
      return context
    },
  }
}

/** Which versions of the files there are; undefined while one is missing, as during a renewal. */
async function readState(files: readonly string[]): Promise<string | undefined> {
  try {
    const found = await Promise.all(files.map((file) => stat(file)))
    return found.map(({ ino, mtimeMs, size }) => `${ino} ${mtimeMs} ${size}`).join(' ')
  } catch {
    return undefined
  }
}

/** For TLS 1.3 only (H6). */
async function open(files: readonly string[]): Promise<SecureContext> {
  const [cert, key] = await Promise.all(files.map((file) => readFile(file)))
  return createSecureContext({ cert, key, minVersion: 'TLSv1.3' })
}
