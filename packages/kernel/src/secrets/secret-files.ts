import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { currentKey, formatVersionedKeys, parseVersionedKeys, type VersionedKeys } from './versioned-keys.ts'

export type KeyFile = {
  /** The name of the file in the secrets folder. */
  readonly file: string
  /** The environment variable that replaces the file. */
  readonly variable: string
  readonly bytes: number
}

/**
 * Reads a key from the environment or from its file; undefined when there is neither. Throws when other users can read
 * the file.
 */
export async function findKeys(
  folder: string,
  { file, variable, bytes }: KeyFile,
  env: Readonly<Record<string, string | undefined>>,
): Promise<VersionedKeys | undefined> {
  const given = env[variable]
  if (given !== undefined) return parseVersionedKeys(given, variable, bytes)
  const path = join(folder, file)
  const text = await readSecretFile(path)
  return text === undefined ? undefined : parseVersionedKeys(text, path, bytes)
}

/** Like `findKeys`, but throws when there is neither. */
export async function loadKeys(
  folder: string,
  key: KeyFile,
  env: Readonly<Record<string, string | undefined>>,
): Promise<VersionedKeys> {
  const found = await findKeys(folder, key, env)
  if (found === undefined) throw new Error(`${join(folder, key.file)} is missing. Restore it`)
  return found
}

/**
 * Reads a key from the environment or its file; on the first run creates one of random bytes, readable by its owner
 * only (V2). Throws when other users can read the file.
 */
export async function loadOrCreateKeys(
  folder: string,
  { file, variable, bytes }: KeyFile,
  env: Readonly<Record<string, string | undefined>>,
): Promise<VersionedKeys> {
  const known = await findKeys(folder, { file, variable, bytes }, env)
  if (known !== undefined) return known
  const path = join(folder, file)
  const text = await readOrCreateSecretFile(path, () =>
    formatVersionedKeys({
      current: 1,
      versions: new Map([[1, randomBytes(bytes)]]),
      madeAtSeconds: new Map([[1, Math.floor(Date.now() / 1000)]]),
    }),
  )
  return parseVersionedKeys(text, path, bytes)
}

/**
 * Adds a version to a key file, of random bytes or of the given ones, and makes it current (V3). Throws when the key
 * comes from the environment, where only the operator can change it.
 */
export async function addKeyVersion(
  folder: string,
  key: KeyFile,
  env: Readonly<Record<string, string | undefined>>,
  nowMs: number,
  bytes: Buffer = randomBytes(key.bytes),
): Promise<VersionedKeys> {
  const held = await loadKeys(folder, key, env)
  assertFromFile(key, env)
  const current = held.current + 1
  const next = {
    current,
    versions: new Map([...held.versions, [current, bytes]]),
    madeAtSeconds: new Map([...(held.madeAtSeconds ?? []), [current, Math.floor(nowMs / 1000)]]),
  }
  await replaceSecretFile(join(folder, key.file), formatVersionedKeys(next))
  return next
}

/** Removes an old version from a key file: nothing that was made with it can be opened any more. */
export async function removeKeyVersion(
  folder: string,
  key: KeyFile,
  env: Readonly<Record<string, string | undefined>>,
  version: number,
): Promise<VersionedKeys> {
  const held = await loadKeys(folder, key, env)
  assertFromFile(key, env)
  if (!held.versions.has(version)) throw new Error(`${key.file} holds no version ${version}`)
  if (version === held.current)
    throw new Error(`Version ${version} of ${key.file} is in use: rotate it before you remove it`)
  const versions = new Map([...held.versions].filter(([one]) => one !== version))
  const next = { ...held, versions }
  currentKey(next)
  await replaceSecretFile(join(folder, key.file), formatVersionedKeys(next))
  return next
}

/** Throws when a key comes from the environment, where only the operator can change it. */
export function assertFromFile(
  { variable }: KeyFile,
  env: Readonly<Record<string, string | undefined>>,
): void {
  if (env[variable] !== undefined)
    throw new Error(
      `${variable} is set, so this key is yours to change: add a line with the next version to it, and restart`,
    )
}

/**
 * The file's text; when there is no file, it is created with the text that `make` returns. Of two processes that create
 * it at the same time, one wins.
 */
export async function readOrCreateSecretFile(path: string, make: () => string): Promise<string> {
  const known = await readSecretFile(path)
  if (known !== undefined) return known
  await createSecretFile(path, make())
  const made = await readSecretFile(path)
  if (made === undefined) throw new Error(`${path} cannot be read back after it was made`)
  return made
}

/** The file's text, or undefined when there is none. Throws when other users can read it. */
export async function readSecretFile(path: string): Promise<string | undefined> {
  const found = await stat(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  })
  if (found === undefined) return undefined
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
    throw new Error(`${path} is open to other accounts of this machine. Run: chmod 600 ${path}`)
  return readFile(path, 'utf8')
}

/** Creates a file completely or not at all, even in a crash; changes nothing when it exists already. */
async function createSecretFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
    // Unlike a rename, a link never replaces a file that another process created first.
    await link(temporary, path)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await file.close()
    await rm(temporary, { force: true })
  }
  await syncFolder(dirname(path))
}

/** Replaces the text of a file completely or not at all, even in a crash. */
export async function replaceSecretFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  } finally {
    await file.close()
  }
  await syncFolder(dirname(path))
}

export async function createSecretFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
}

/** Flushes a folder, so that what was created or renamed in it survives a power failure. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; there the file system's own journal has to suffice.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
