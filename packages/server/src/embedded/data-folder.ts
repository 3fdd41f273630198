import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isProcessAlive, processStart } from './process-identity.ts'

export type DataFolder = {
  readonly path: string
  readonly secrets: string
  /** Lets the next server in. */
  readonly release: () => Promise<void>
}

type Holder = { readonly pid: number; readonly start: string }

/**
 * Opens the folder that holds everything of one server, and keeps other servers out of it. Throws a sentence when one
 * is running there; a lock whose holder is gone, or whose process number now belongs to another program, is taken over.
 */
export async function openDataFolder(given: string): Promise<DataFolder> {
  const path = resolve(given)
  const secrets = join(path, 'secrets')
  await mkdir(secrets, { recursive: true, mode: 0o700 })
  const lock = join(path, 'server.lock')
  await takeLock(lock, path)
  return { path, secrets, release: () => rm(lock, { force: true }) }
}

async function takeLock(lock: string, folder: string): Promise<void> {
  const mine = `${lock}.${randomBytes(6).toString('hex')}`
  const holder: Holder = { pid: process.pid, start: (await processStart(process.pid)) ?? '' }
  await writeFile(mine, JSON.stringify(holder), { mode: 0o600 })
  try {
    // A hard link appears whole or not at all, and only for one of those who try at once.
    while (!(await tryLink(mine, lock))) await removeStale(lock, folder)
  } finally {
    await rm(mine, { force: true })
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function removeStale(lock: string, folder: string): Promise<void> {
  const text = await readFile(lock, 'utf8').catch(() => undefined)
  if (text === undefined) return
  await refuseIfHeld(text, folder)
  // Moved aside before it is judged gone for good: another starter may have put its own lock there meanwhile.
  const aside = `${lock}.${randomBytes(6).toString('hex')}`
  const moved = await rename(lock, aside).then(
    () => true,
    () => false,
  )
  if (!moved) return
  const taken = await readFile(aside, 'utf8')
  if (taken !== text) await tryLink(aside, lock)
  await rm(aside, { force: true })
}

async function refuseIfHeld(text: string, folder: string): Promise<void> {
  const holder = parseHolder(text)
  if (holder === undefined || !isProcessAlive(holder.pid)) return
  if ((await processStart(holder.pid)) !== holder.start) return
  throw new Error(`Another Gatehouse server (process ${holder.pid}) is already running on ${folder}`)
}

function parseHolder(text: string): Holder | undefined {
  const [, pid, start] = /^\{"pid":(\d+),"start":"([^"]*)"\}$/.exec(text) ?? []
  return pid === undefined || start === undefined ? undefined : { pid: Number(pid), start }
}
