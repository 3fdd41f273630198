import { chmod, mkdir, readdir, readFile, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'

const memory = '/dev/shm'
const prefix = 'gatehouse-test-'
/** What a run holds at its fullest is far below; a container's usual 64 MB are too few. */
const bytesMin = 4 * 1024 ** 3

export type TemporaryFolder = { readonly path: string; readonly remove: () => Promise<void> }

/**
 * A folder in memory for what a run of the tests writes; undefined where there is none with room in which programs may
 * run. A database that is copied for a test and dropped again is a thousand files, which cost a disk's file system up
 * to a second of CPU, and memory some hundredths.
 */
export async function openMemoryFolder(): Promise<TemporaryFolder | undefined> {
  if (!(await isUsable())) return undefined
  await removeLeft()
  const path = join(memory, `${prefix}${process.pid}`)
  await mkdir(path)
  // As /tmp: programs of other accounts, such as PostgreSQL's under root, write there too.
  await chmod(path, 0o1777)
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

async function isUsable(): Promise<boolean> {
  const mounts = await readFile('/proc/mounts', 'utf8').catch(() => '')
  const options = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, folder, kind]) => folder === memory && kind === 'tmpfs')?.[3]
    ?.split(',')
  if (options === undefined || options.includes('noexec') || !options.includes('rw')) return false
  const { bavail, bsize } = await statfs(memory)
  return bavail * bsize >= bytesMin
}

/** Removes the folders of runs that were killed, which would hold memory until the machine restarts. */
async function removeLeft(): Promise<void> {
  const names = await readdir(memory)
  const left = names.filter((name) => name.startsWith(prefix) && !isInUse(Number(name.slice(prefix.length))))
  for (const name of left) await rm(join(memory, name), { recursive: true, force: true })
}

/** Another run, of whichever account. A folder of this process's own number is of an earlier process. */
function isInUse(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
