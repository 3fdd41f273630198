import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { listPlainTransports, type ServerConfig } from './config.ts'
import type { KeyMaterial } from './embedded/first-run.ts'
import type { ConfigFacts, HeldFile, KeyFacts } from './posture/inside.ts'

/** The part of the configuration that claims depend on, without secrets. */
export function toConfigFacts(
  config: ServerConfig,
  env: Readonly<Record<string, string | undefined>>,
): ConfigFacts {
  return {
    host: config.host,
    publicUrl: config.publicUrl,
    endsTls: config.tlsCertificate !== undefined,
    trustedHops: config.trustedHops,
    allowedOrigins: config.allowedOrigins,
    egressAllow: config.egressAllow,
    takesQueryKeys: config.streamQueryKey === 'on',
    plainTransports: listPlainTransports(config, env).map(({ transport }) => transport),
    hasOwnDatabase: config.databaseUrl !== undefined,
    hasValkey: config.valkeyUrl !== undefined,
    isMailSet: config.smtpUrl !== undefined,
    registration: config.registration,
    securityContact: config.securityContact,
    auditAnchors: config.auditAnchors,
    logLevel: config.logLevel,
  }
}

export function toKeyFacts({ master, pepper, jwt, signingRing }: KeyMaterial): readonly KeyFacts[] {
  const rings = { 'master-key': master, pepper, 'jwt-key': jwt, 'signing-key': signingRing } as const
  return (['master-key', 'pepper', 'jwt-key', 'signing-key'] as const).map((name) => ({
    name,
    // A getter, because keys can be replaced while the server runs.
    get current() {
      return rings[name].current
    },
    get versions() {
      return [...rings[name].versions.keys()]
    },
    get madeAtMs() {
      const made = rings[name].madeAtSeconds ?? new Map<number, number>()
      return new Map([...made].map(([version, seconds]) => [version, seconds * 1_000]))
    },
  }))
}

/** The certificates that the server itself uses for TLS, if any. */
export async function listCertificates({
  tlsCertificate,
}: Pick<ServerConfig, 'tlsCertificate'>): Promise<readonly string[]> {
  return tlsCertificate === undefined ? [] : [await readFile(tlsCertificate, 'utf8')]
}

export async function listSecretFiles(folder: string): Promise<readonly HeldFile[]> {
  const names = await readdir(folder).catch(() => [])
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      const { mode, size } = await stat(path)
      return { path, mode: mode & 0o777, bytes: size }
    }),
  )
}
