import { execFile } from 'node:child_process'
import { readlink, stat } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

export function isProcessAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // The process exists, and belongs to another account.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Whether a process is a PostgreSQL server on this very cluster, and not another program that got the same process id.
 */
export async function isPostgresOn(folder: string, pid: number): Promise<boolean> {
  if (process.platform === 'linux') {
    const [program, itsFolder, ours] = await Promise.all([
      readlink(`/proc/${pid}/exe`).catch(() => ''),
      // The working directory of a PostgreSQL server is its cluster; its inode stays the same when a parent folder is
      // renamed.
      stat(`/proc/${pid}/cwd`).catch(() => undefined),
      stat(folder),
    ])
    return (
      /\/postgres( \(deleted\))?$/.test(program) && itsFolder?.ino === ours.ino && itsFolder.dev === ours.dev
    )
  }
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return stdout.includes('postgres') && stdout.includes(folder)
}
