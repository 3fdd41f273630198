import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { isPostgresOn, isProcessAlive } from './process-identity.ts'

const fastWithinMs = 10_000
const immediateWithinMs = 5_000

/**
 * Stops the PostgreSQL that a killed server left behind, before another one starts. Resolves to its process id, or
 * undefined when there was none. The caller must hold the lock on the cluster, so that no server owns it.
 */
export async function stopOrphan(folder: string): Promise<number | undefined> {
  const pidFile = join(folder, 'postmaster.pid')
  const text = await readFile(pidFile, 'utf8').catch(() => '')
  const pid = Number(text.split('\n', 1)[0])
  // When the process is gone, its file stays: PostgreSQL reads in it whose leftovers it has to wait for.
  if (!isProcessAlive(pid)) return undefined
  if (!(await isPostgresOn(folder, pid))) {
    // The process id now belongs to another program, which PostgreSQL would take for a server.
    await rm(pidFile, { force: true })
    return undefined
  }
  await stopProcess(pid)
  return pid
}

/** Requests a fast shutdown, then an immediate one, then kills the process. */
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
    // The process has just ended by itself.
    if (isProcessAlive(pid)) throw error
  }
}

async function isGoneWithin(pid: number, limitMs: number): Promise<boolean> {
  for (const deadline = performance.now() + limitMs; performance.now() < deadline; await wait(10))
    if (!isProcessAlive(pid)) return true
  return false
}
