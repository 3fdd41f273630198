import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { chmod, mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { holdLock } from './hold-lock.ts'

export type DataFolder = {
  readonly path: string
  /** The folder of the keys and passwords, accessible to the owner only. */
  readonly secrets: string
  /** Releases the lock, so that the next server can start. */
  readonly release: () => Promise<void>
  /** Called after a refused start: removes the folder if it was created for that start and is empty. */
  readonly discard: () => Promise<void>
}

/**
 * Opens the folder that holds all data of one server, creating it on the first run, and locks out other servers: throws
 * an error that names the process and the folder when one is running there.
 */
export async function openDataFolder(given: string): Promise<DataFolder> {
  const path = resolve(given)
  const secrets = join(path, 'secrets')
  const isNew = await makeDataFolder(path)
  // When root starts the server, PostgreSQL runs as another account, which must be able to pass through this folder.
  // Its contents are protected by their own modes.
  if (isNew && process.getuid?.() === 0) await chmod(path, 0o711)
  await makeDataFolder(secrets)
  const pidFile = join(path, 'server.pid')
  const lock = holdLock(join(path, 'server.lock'))
  if (lock === undefined)
    throw new Error(`Another Gatehouse server${toHolder(pidFile)} is already running on ${path}`)
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 })
  return {
    path,
    secrets,
    release: async () => {
      rmSync(pidFile, { force: true })
      lock.release()
    },
    discard: async () => {
      if (!isNew || (await readdir(secrets)).length > 0) return
      await rmdir(secrets)
      await rm(join(path, 'server.lock'), { force: true })
      // If the folder holds anything else, it stays.
      await rmdir(path).catch(() => undefined)
    },
  }
}

/** Makes the folder unless it is there; throws an error that names it and what is in the way. */
async function makeDataFolder(path: string): Promise<boolean> {
  try {
    return await makeFolder(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const because = obstacles[code] ?? `the operating system answers ${code}`
    const sentence = `The data folder ${path} cannot be made: ${because}. Set GATEHOUSE_DATA to a folder that this account may write to`
    throw new Error(sentence, { cause: error })
  }
}

const obstacles: Readonly<Record<string, string>> = {
  EEXIST: 'a file has that name',
  ENOTDIR: 'a file is on the way to it',
  EACCES: 'this account has no right to',
  EPERM: 'this account has no right to',
  EROFS: 'the file system takes no changes',
  ENOENT: 'the file system takes no folders there',
  ENOSPC: 'the disk is full',
}

/** One folder at a time: where a file system takes no folders, the recursive `mkdir` of Node never ends. */
async function makeFolder(path: string): Promise<boolean> {
  if (await isFolder(path)) return false
  const parent = dirname(path)
  if (parent !== path) await makeFolder(parent)
  await mkdir(path, { mode: 0o700 })
  return true
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}

/** Only for the error message: the lock itself decides who holds the folder. */
function toHolder(pidFile: string): string {
  try {
    return ` (process ${readFileSync(pidFile, 'utf8').trim()})`
  } catch {
    // The holder has only just started and has not written its number yet, or it runs in another container.
    return ''
  }
}
