import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Order, Report } from './served-process.ts'

export type ServerProcess = {
  readonly port: number
  readonly headers: Readonly<Record<string, string>>
  /** Those of a caller of another organisation. */
  readonly neighbour: Readonly<Record<string, string>>
  /** CPU time that the process has used so far, in milliseconds. */
  readonly cpuMs: () => Promise<number>
  readonly residentBytes: () => Promise<number>
  /** Resolves once it has nothing left to write: to the rows of calls that its database holds, where it writes any. */
  readonly settle: () => Promise<number | undefined>
  readonly startProfile: () => Promise<void>
  readonly writeProfile: (path: string) => Promise<void>
  readonly stop: () => Promise<void>
}

/** A server may store millions of rows before it says that it is ready. */
const readyWithinMs = 900_000
const answeredWithinMs = 180_000
const stoppedWithinMs = 15_000

/** Runs a file that calls `serveMeasured` in a process of its own, so that its CPU time is its own. */
export async function startServerProcess(
  file: URL,
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = fork(fileURLToPath(file), [], { env: { ...process.env, ...env } })
  try {
    const ready = await next(child, readyWithinMs)
    if (ready.kind !== 'ready') throw new Error(`Expected the server to be ready, but it said ${ready.kind}`)
    const ask = (order: Order): Promise<Report> => {
      const answer = next(child, answeredWithinMs)
      child.send(order)
      return answer
    }
    const usage = async () => {
      const report = await ask({ kind: 'usage' })
      if (report.kind !== 'usage') throw new Error(`Expected the usage, but got ${report.kind}`)
      return report
    }
    return {
      port: ready.port,
      headers: ready.headers,
      neighbour: ready.neighbour ?? {},
      cpuMs: async () => (await usage()).cpuMs,
      residentBytes: async () => (await usage()).residentBytes,
      settle: async () => {
        const report = await ask({ kind: 'settle' })
        if (report.kind !== 'settled') throw new Error(`Expected it to settle, but got ${report.kind}`)
        return report.rows
      },
      startProfile: async () => void (await ask({ kind: 'profile' })),
      writeProfile: async (path) => void (await ask({ kind: 'write-profile', path })),
      stop: () => stop(child),
    }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

async function next(child: ChildProcess, withinMs: number): Promise<Report> {
  const given = new AbortController()
  const signal = AbortSignal.any([given.signal, AbortSignal.timeout(withinMs)])
  try {
    const ended = once(child, 'exit', { signal }).then(([code]) => {
      throw new Error(`A measured server ended by itself (exit code ${code})`)
    })
    // Safe: only `serveMeasured` runs at the other end.
    const [report] = (await Promise.race([once(child, 'message', { signal }), ended])) as [Report]
    ended.catch(() => undefined)
    return report
  } finally {
    given.abort()
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exited = once(child, 'exit')
  child.send({ kind: 'stop' } satisfies Order)
  const timer = setTimeout(() => child.kill('SIGKILL'), stoppedWithinMs)
  await exited
  clearTimeout(timer)
}
