import { readFileSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { createSecureContext, type SecureContextOptions, type Server } from 'node:tls'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'

export type TlsFiles = {
  readonly certificate: string
  readonly key: string
  /** A folder with those of customers' hosts. */
  readonly domains?: string | undefined
}

/**
 * Reads the certificate and key, for TLS 1.3 only (H6). Throws when the files are unreadable or do not belong together.
 */
export function readTls({ certificate, key }: Pick<TlsFiles, 'certificate' | 'key'>): SecureContextOptions {
  const options = {
    cert: readFileSync(certificate),
    key: readFileSync(key),
    minVersion: 'TLSv1.3',
  } as const
  try {
    createSecureContext(options)
  } catch (error) {
    throw new Error(`${certificate} and ${key} are no certificate with its private key`, { cause: error })
  }
  return options
}

const settleMs = 200

/**
 * Uses a renewed certificate for new connections as soon as its files have changed. Files that do not match are ignored
 * until the next change. Returns a function that stops watching.
 */
export function followTls(server: Server, files: TlsFiles, log: Logger): () => void {
  let timer: NodeJS.Timeout | undefined
  const reload = (): void => {
    try {
      const options = readTls(files)
      server.setSecureContext(options)
      log.info('The certificate was read again')
    } catch (error) {
      log.error('The new certificate cannot be used, so the old one stays', toErrorFields(error))
    }
  }
  const names = new Set([basename(files.certificate), basename(files.key)])
  // Watches the folders, because renewals replace the files, and symbolic links change with their folder.
  const watchers = [...new Set([dirname(files.certificate), dirname(files.key)])].map((folder) =>
    watch(folder, (_event, name) => {
      if (name !== null && !names.has(name) && !name.startsWith('..')) return
      clearTimeout(timer)
      timer = setTimeout(reload, settleMs)
    }),
  )
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}

/** Both files or neither, and the folder only beside them. */
export function toTlsFiles(settings: {
  readonly tlsCertificate: string | undefined
  readonly tlsKey: string | undefined
  readonly tlsDomains: string | undefined
}): TlsFiles | undefined {
  const { tlsCertificate: certificate, tlsKey: key, tlsDomains: domains } = settings
  if (certificate === undefined && key === undefined) {
    if (domains === undefined) return undefined
    throw new Error('GATEHOUSE_TLS_DOMAINS needs GATEHOUSE_TLS_CERT and GATEHOUSE_TLS_KEY beside it')
  }
  if (certificate === undefined || key === undefined)
    throw new Error('GATEHOUSE_TLS_CERT and GATEHOUSE_TLS_KEY must be given together')
  return { certificate, key, domains }
}
