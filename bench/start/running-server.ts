import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'

export type RunningServer = {
  readonly origin: string
  /** From the start of the process to the line that says it is ready. */
  readonly readyMs: number
  readonly stop: () => Promise<void>
}

const stoppedWithinMs = 15_000

/** Runs `npm start` in a folder, as a person would, until it says that it is ready. */
export async function startByNpm(
  folder: string,
  env: Readonly<Record<string, string>>,
  withinMs: number,
): Promise<RunningServer> {
  const startedMs = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, so that all that npm started can be stopped together.
    detached: true,
  })
  try {
    const origin = await readyOrigin(child, withinMs)
    return { origin, readyMs: performance.now() - startedMs, stop: () => stop(child) }
  } catch (error) {
    await stop(child)
    throw error
  }
}

async function readyOrigin(child: ChildProcess, withinMs: number): Promise<string> {
  if (child.stdout === null) throw new Error('The server has no standard output')
  const lines = createInterface({ input: child.stdout })
  const timer = setTimeout(() => lines.close(), withinMs)
  try {
    for await (const line of lines) {
      const origin = /^ready on (http:\S+)$/.exec(line)?.[1]
      if (origin !== undefined) return origin
    }
  } finally {
    clearTimeout(timer)
    child.stdout.resume()
  }
  throw new Error(`The server was not ready within ${withinMs / 1_000} s`)
}

/** npm ends before the server that it started has closed its database; the whole group counts. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return
  const group = -child.pid
  const giveUpMs = performance.now() + stoppedWithinMs
  for (let signal: NodeJS.Signals | 0 = 'SIGTERM'; isSent(group, signal); await wait(20))
    signal = performance.now() > giveUpMs ? 'SIGKILL' : 0
}

/** False once nobody is left to get the signal; 0 only asks. */
function isSent(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(group, signal)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}
