import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createSecureContext, type SecureContext } from 'node:tls'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'

export type DomainCertificates = {
  /** The certificate of a domain as its files are now; undefined when there is none that can be used. */
  readonly find: (domain: string) => Promise<SecureContext | undefined>
}

/** The names that ACME clients give them, in a folder for each domain. */
const fileNames = { certificate: 'fullchain.pem', key: 'privkey.pem' } as const

/** A renewal that is not atomic removes a file just before it writes the next one. */
const settleMs = 200

type Files = { readonly certificate: string; readonly key: string }
type Known = { readonly state: string; readonly context: SecureContext | undefined }

/** `removed`: the certificate itself is gone. `faulty`: something is there that cannot be looked at, or lacks its key. */
type Look =
  | { readonly kind: 'present'; readonly state: string }
  | { readonly kind: 'faulty'; readonly state: string; readonly error: unknown }
  | { readonly kind: 'removed' }

/**
 * Reads the certificates of domains from `FOLDER/DOMAIN/fullchain.pem` and `privkey.pem`. Both files are looked at on each
 * handshake, so that a renewed certificate is used at once, and a removed one no longer; they are read only when they have
 * changed. While they cannot be used, the former certificate stays. Callers pass names of active domains alone, so that no
 * stranger's handshake reaches the disk.
 */
export function createDomainCertificates(folder: string, log: Logger): DomainCertificates {
  const known = new Map<string, Known>()
  const keepFormer = (domain: string, { certificate: path }: Files, state: string, error: unknown) => {
    const context = known.get(domain)?.context
    // Each handshake comes here while the files stay as they are.
    if (known.get(domain)?.state !== state)
      log.error('The certificate of a domain cannot be used', { path, ...toErrorFields(error) })
    known.set(domain, { state, context })
    return context
  }
  return {
    find: async (domain) => {
      const files = toFiles(folder, domain)
      let seen = await look(files)
      if (seen.kind === 'removed' && known.has(domain)) {
        await setTimeout(settleMs)
        seen = await look(files)
      }
      if (seen.kind === 'removed') {
        if (known.delete(domain))
          log.warn('The certificate of a domain was removed and is no longer offered', {
            path: files.certificate,
          })
        return undefined
      }
      if (seen.kind === 'faulty') return keepFormer(domain, files, seen.state, seen.error)
      const { state } = seen
      const before = known.get(domain)
      if (before?.state === state) return before.context
      try {
        const context = await open(files)
        known.set(domain, { state, context })
        return context
      } catch (error) {
        return keepFormer(domain, files, state, error)
      }
    },
  }
}

function toFiles(folder: string, domain: string): Files {
  const at = (name: string): string => join(folder, domain, name)
  return { certificate: at(fileNames.certificate), key: at(fileNames.key) }
}

async function look({ certificate, key }: Files): Promise<Look> {
  const first = await lookAt(certificate)
  if (first.kind !== 'present') return first
  const second = await lookAt(key)
  if (second.kind === 'present') return { kind: 'present', state: `${first.state} ${second.state}` }
  const error = second.kind === 'faulty' ? second.error : new Error(`${key} is missing`)
  return { kind: 'faulty', state: `${first.state} ${second.kind}`, error }
}

/** Which version of the file there is. */
async function lookAt(file: string): Promise<Look> {
  try {
    const { ino, mtimeMs, size } = await stat(file)
    return { kind: 'present', state: `${ino} ${mtimeMs} ${size}` }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'removed' }
    return { kind: 'faulty', state: code, error }
  }
}

/** For TLS 1.3 only (H6). */
async function open({ certificate, key }: Files): Promise<SecureContext> {
  const [cert, secret] = await Promise.all([readFile(certificate), readFile(key)])
  return createSecureContext({ cert, key: secret, minVersion: 'TLSv1.3' })
}
