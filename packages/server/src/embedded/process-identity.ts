import { execFile } from 'node:child_process'
import { readFile, readlink } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

export function isProcessAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** When a process began, in the system's own words: tells a process from a later one with the same number. */
export async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
    if (text === undefined) return undefined
    const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    // The name, in parentheses, may hold spaces; the start time is the 20th field after it.
    return `${bootId.trim()} ${text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`
  }
  return run('ps', ['-o', 'lstart=', '-p', String(pid)]).then(
    ({ stdout }) => stdout.trim() || undefined,
    () => undefined,
  )
}

/** Whether a process is a PostgreSQL server on this very cluster. */
export async function isOurPostgres(pid: number, postgres: string, folder: string): Promise<boolean> {
  if (process.platform === 'linux') {
    const [program, command] = await Promise.all([
      readlink(`/proc/${pid}/exe`).catch(() => ''),
      readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    ])
    return program.replace(/ \(deleted\)$/, '').endsWith('/postgres') && command.split('\0').includes(folder)
  }
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return stdout.includes(postgres) && stdout.includes(folder)
}
