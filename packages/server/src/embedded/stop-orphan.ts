import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { isPostgresOn, isProcessAlive } from './process-identity.ts'

const fastWithinMs = 10_000
const immediateWithinMs = 5_000

/**
 * A server that was killed leaves its PostgreSQL behind; it is stopped before another one starts. Resolves to its
 * process number, or undefined when there was none. The lock on the cluster must be held, so that it has no owner.
 */
export async function stopOrphan(folder: string): Promise<number | undefined> {
  const pidFile = join(folder, 'postmaster.pid')
  const text = await readFile(pidFile, 'utf8').catch(() => '')
  const pid = Number(text.split('\n', 1)[0])
  // A file whose process is gone stays for PostgreSQL, which reads there whose leftovers it has to wait for.
  if (!isProcessAlive(pid)) return undefined
  if (!(await isPostgresOn(folder, pid))) {
    // The number now belongs to another program, which PostgreSQL would take for a server.
    await rm(pidFile, { force: true })
    return undefined
  }
  await stopProcess(pid)
  return pid
}

/** Fast shutdown, then immediate, then by force. */
async function stopProcess(pid: number): Promise<void> {
  send(pid, 'SIGINT')
  if (await isGoneWithin(pid, fastWithinMs)) return
  send(pid, 'SIGQUIT')
  if (await isGoneWithin(pid, immediateWithinMs)) return
  send(pid, 'SIGKILL')
  if (!(await isGoneWithin(pid, immediateWithinMs)))
    throw new Error(`An earlier PostgreSQL (process ${pid}) cannot be stopped. End it, then start again`)
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // It ended by itself just now.
    if (isProcessAlive(pid)) throw error
  }
}

async function isGoneWithin(pid: number, limitMs: number): Promise<boolean> {
  for (const deadline = performance.now() + limitMs; performance.now() < deadline; await wait(10))
    if (!isProcessAlive(pid)) return true
  return false
}
