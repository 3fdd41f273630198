import { watch } from 'node:fs'
import { findNextKeyVersion, loadKeys, type VersionedKeys } from '@gatehouse/kernel/secrets'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import { type KeyMaterial, type KeyName, keyFiles } from './first-run.ts'

const settleMs = 100

/**
 * Loads new versions of the server's own keys while it runs, as soon as their files have changed (V3). A file that
 * cannot be read, is missing, or holds another key under a version that is in use is ignored. Returns a function that
 * stops watching.
 */
export function followKeys(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  keys: KeyMaterial,
  log: Logger,
): () => void {
  const rings = {
    'master-key': keys.master,
    pepper: keys.pepper,
    'jwt-key': keys.jwt,
    'signing-key': keys.signingRing,
  } as const
  // Safe: the names are the keys of this very object.
  const names = Object.keys(rings) as KeyName[]
  let timer: NodeJS.Timeout | undefined
  const reload = async (): Promise<void> => {
    keys.publishNextSigningKey(await findNextKeyVersion(folder, keyFiles['signing-key']))
    for (const name of names) {
      const next = await loadKeys(folder, keyFiles[name], env)
      assertSame(name, rings[name], next)
      if (next.current !== rings[name].current)
        log.info(`Version ${next.current} of ${name} is in use from now on`)
      rings[name].replace(next)
    }
  }
  const watcher = watch(folder, () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      reload().catch((error: unknown) =>
        log.error('A key file cannot be read, so the keys of before stay', toErrorFields(error)),
      )
    }, settleMs)
  })
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}

function assertSame(name: KeyName, held: VersionedKeys, next: VersionedKeys): void {
  for (const [version, key] of next.versions)
    if (held.versions.get(version)?.equals(key) === false)
      throw new Error(`${name} holds another version ${version} than the one that is in use`)
}
