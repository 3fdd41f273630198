import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { formatVersionedKeys, parseVersionedKeys, type VersionedKeys } from './versioned-keys.ts'

export type KeyFile = {
  /** Name of the file inside the secrets folder. */
  readonly file: string
  /** Environment variable that takes the file's place. */
  readonly variable: string
  readonly bytes: number
}

/**
 * Reads a key from the environment or its file; on the first run makes one of random bytes, readable by its owner alone
 * (V2). Throws when others could read the file.
 */
export async function loadOrCreateKeys(
  folder: string,
  { file, variable, bytes }: KeyFile,
  env: Readonly<Record<string, string | undefined>>,
): Promise<VersionedKeys> {
  const given = env[variable]
  if (given !== undefined) return parseVersionedKeys(given, variable, bytes)
  const path = join(folder, file)
  const text = await readSecretFile(path)
  if (text !== undefined) return parseVersionedKeys(text, path, bytes)
  const keys: VersionedKeys = { current: 1, versions: new Map([[1, randomBytes(bytes)]]) }
  await writeSecretFile(path, formatVersionedKeys(keys))
  return keys
}

/** The file's text, or undefined when there is none. */
export async function readSecretFile(path: string): Promise<string | undefined> {
  const found = await stat(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined
    throw error
  })
  if (found === undefined) return undefined
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
    throw new Error(`${path} can be read by others; run: chmod 600 ${path}`)
  return readFile(path, 'utf8')
}

/** Writes all or nothing: a crash leaves the old file or the new one, never half of one. */
export async function writeSecretFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path).catch(async (error: unknown) => {
    await rm(temporary, { force: true })
    throw error
  })
  await syncFolder(join(path, '..'))
}

export async function createSecretFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
}

async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined
  try {
    handle = await open(folder, 'r')
    await handle.sync()
  } catch (error) {
    // Windows cannot open a folder; there the rename alone has to do.
    if (process.platform !== 'win32') throw error
  } finally {
    await handle?.close()
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
