import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  assertFromFile,
  type KeyFile,
  loadKeys,
  readOrCreateSecretFile,
  readSecretFile,
  syncFolder,
} from './secret-files.ts'
import { formatVersionedKeys, keyOf, parseVersionedKeys } from './versioned-keys.ts'

/**
 * A key version that is announced before it is used. It has a file of its own beside the key file until it has been
 * added to that.
 */
export type NextKeyVersion = { readonly version: number; readonly bytes: Buffer }

type Env = Readonly<Record<string, string | undefined>>

export async function findNextKeyVersion(folder: string, key: KeyFile): Promise<NextKeyVersion | undefined> {
  const path = toPath(folder, key)
  const text = await readSecretFile(path)
  return text === undefined ? undefined : parse(text, path, key)
}

/**
 * The next version of a key: random bytes, or the version of an interrupted rotation, which may have been added to the
 * key file already. Throws when the key comes from the environment, where only the operator can change it.
 */
export async function prepareNextKeyVersion(
  folder: string,
  key: KeyFile,
  env: Env,
  nowMs: number,
): Promise<NextKeyVersion> {
  assertFromFile(key, env)
  const version = (await loadKeys(folder, key, env)).current + 1
  const path = toPath(folder, key)
  const text = await readOrCreateSecretFile(path, () =>
    formatVersionedKeys({
      current: version,
      versions: new Map([[version, randomBytes(key.bytes)]]),
      madeAtSeconds: new Map([[version, Math.floor(nowMs / 1000)]]),
    }),
  )
  return parse(text, path, key)
}

/** Deletes the file of the next version, once that has been added to the key file. */
export async function forgetNextKeyVersion(folder: string, key: KeyFile): Promise<void> {
  await rm(toPath(folder, key), { force: true })
  await syncFolder(folder)
}

function toPath(folder: string, { file }: KeyFile): string {
  return join(folder, `${file}.next`)
}

function parse(text: string, path: string, { bytes }: KeyFile): NextKeyVersion {
  const held = parseVersionedKeys(text, path, bytes)
  return { version: held.current, bytes: keyOf(held, held.current) }
}
