import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Cluster } from './place-cluster.ts'
import { programOf } from './postgres-binaries.ts'
import type { PostgresLog } from './postgres-log.ts'

export type PostgresProcess = {
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>
  /** Requests a fast shutdown, and forces it after a while. */
  readonly stop: () => Promise<void>
}

/** `none` gives up crash safety for speed; only for tests. */
export type Durability = 'full' | 'none'

export const host = '127.0.0.1'

/** The whole environment of PostgreSQL: ours may hold keys. */
export const processEnvironment: NodeJS.ProcessEnv = {
  LC_ALL: 'C',
  TZ: 'UTC',
  ...(process.env['PATH'] === undefined ? {} : { PATH: process.env['PATH'] }),
  ...(process.env['SystemRoot'] === undefined ? {} : { SystemRoot: process.env['SystemRoot'] }),
}

const readyWithinMs = 120_000
const stopWithinMs = 10_000

/** PostgreSQL could not listen on the port, because another program uses it. */
export class PortTakenError extends Error {}

/** Starts PostgreSQL and resolves when it accepts connections, after crash recovery if necessary. */
export async function startPostgres(
  cluster: Cluster,
  port: number,
  durability: Durability,
  log: PostgresLog,
): Promise<PostgresProcess> {
  const child = spawn(
    programOf(cluster.binaries, 'postgres'),
    ['-D', cluster.folder, ...toFlags(port, durability)],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: '/',
      env: processEnvironment,
      // PostgreSQL has a process group of its own, so that Ctrl-C reaches it only through this process, after the last
      // request.
      detached: true,
      windowsHide: true,
      ...cluster.account,
    },
  )
  let lastWords = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      log.write(chunk)
      lastWords = `${lastWords}${chunk.toString()}`.slice(-4_000)
    })
  // PostgreSQL is stopped when this process exits, as far as this process can still act.
  const onExit = (): boolean => child.kill('SIGINT')
  process.once('exit', onExit)
  const ended = once(child, 'close').then(
    () => void process.off('exit', onExit),
    (error: unknown) => {
      process.off('exit', onExit)
      lastWords = String(error)
    },
  )
  const running: PostgresProcess = { ended, stop: () => stopChild(child, ended) }
  try {
    await untilReady(child, cluster.folder)
  } catch (error) {
    await running.stop()
    const ErrorKind = lastWords.includes('could not bind') ? PortTakenError : Error
    const reason = /^.*FATAL: +(.*)$/m.exec(lastWords)?.[1] ?? (error instanceof Error ? error.message : '')
    throw new ErrorKind(`PostgreSQL did not start: ${reason}. Its log is ${log.path}`, { cause: error })
  }
  return running
}

function toFlags(port: number, durability: Durability): readonly string[] {
  const isDurable = durability === 'full' ? 'on' : 'off'
  const settings: Readonly<Record<string, string>> = {
    listen_addresses: host,
    port: String(port),
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '128MB',
    shared_preload_libraries: '',
    jit: 'off',
    fsync: isDurable,
    synchronous_commit: isDurable,
    full_page_writes: isDurable,
    // Autovacuum workers belong to the superuser, so a test could not drop a database in which one is working.
    autovacuum: isDurable,
    wal_compression: 'on',
    max_wal_size: '1GB',
    checkpoint_timeout: '15min',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Statements and row values may contain what people typed; the log must only tell what went wrong.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function untilReady(child: ChildProcess, folder: string): Promise<void> {
  for (const deadline = performance.now() + readyWithinMs; performance.now() < deadline; await wait(10)) {
    if (hasEnded(child)) throw new Error('it ended at once')
    // Only the process that owns the cluster and the port writes these lines; pg_ctl relies on them too.
    const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return
  }
  throw new Error(`it was not ready within ${readyWithinMs / 1000} seconds`)
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (!hasEnded(child)) child.kill('SIGINT')
  const immediate = setTimeout(() => child.kill('SIGQUIT'), stopWithinMs)
  const byForce = setTimeout(() => child.kill('SIGKILL'), 2 * stopWithinMs)
  await ended
  clearTimeout(immediate)
  clearTimeout(byForce)
}

/** Whether the process has ended; also true when it never started. */
function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}
