import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { chown, mkdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { readSecretFile, Secret, writeSecretFile } from '@gatehouse/kernel/secrets'
import { isOurPostgres, isProcessAlive } from './process-identity.ts'
import { type Cluster, placeCluster } from './place-cluster.ts'
import { findPostgresAccount } from './postgres-account.ts'
import { findPostgresBinaries } from './postgres-binaries.ts'
import { isAcceptingConnections, provision } from './provision.ts'

export type EmbeddedPostgres = {
  /** Of the login role `gatehouse`, which owns the database and is no superuser. */
  readonly databaseUrl: Secret
  readonly stop: () => Promise<void>
}

export type PostgresEvent =
  | { readonly kind: 'initialised' }
  | { readonly kind: 'orphan_stopped'; readonly pid: number }
  | { readonly kind: 'died'; readonly code: number | null }
  | { readonly kind: 'restarted' }

export type EmbeddedPostgresOptions = {
  readonly dataFolder: string
  readonly secretsFolder: string
  /** `none` gives up crash safety for speed: for tests alone. */
  readonly durability: 'full' | 'none'
  readonly onEvent: (event: PostgresEvent) => void
}

const host = '127.0.0.1'
const readyWithinMs = 60_000
const stopWithinMs = 10_000
const restartDelayMs = 200

/**
 * Starts the bundled PostgreSQL on the cluster of `dataFolder`, making it on the first run, and keeps it running: when
 * it dies, it is started again on the same port.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataFolder, secretsFolder, durability, onEvent } = options
  const cluster = await placeCluster(dataFolder, await findPostgresBinaries(), await findPostgresAccount())
  const password = await loadPassword(join(secretsFolder, 'database-password'))
  const isNew = await initialise(cluster, password)
  if (isNew) onEvent({ kind: 'initialised' })
  await stopOrphan(cluster, onEvent)

  const port = await findFreePort()
  const logPath = join(dataFolder, 'postgres.log')
  const administrator = toUrl('postgres', 'postgres', password, port)
  let child = launch(cluster, port, durability, logPath)
  await untilReady(child, administrator, logPath)
  await provision(administrator, password, { mayCreateDatabases: durability === 'none' })

  let stopping = false
  const supervise = (running: ChildProcess): void => {
    running.once('exit', (code) => {
      if (stopping) return
      onEvent({ kind: 'died', code })
      void restart()
    })
  }
  const restart = async (): Promise<void> => {
    while (!stopping) {
      await wait(restartDelayMs)
      try {
        await stopOrphan(cluster, onEvent)
        child = launch(cluster, port, durability, logPath)
        await untilReady(child, administrator, logPath)
        supervise(child)
        return onEvent({ kind: 'restarted' })
      } catch {
        // It could not be started yet: the processes of the one that died may still hold its memory.
        child.kill('SIGQUIT')
      }
    }
  }
  supervise(child)

  return {
    databaseUrl: new Secret(toUrl('gatehouse', 'gatehouse', password, port).reveal()),
    stop: async () => {
      stopping = true
      await stopChild(child)
    },
  }
}

async function loadPassword(path: string): Promise<Secret> {
  const known = await readSecretFile(path)
  if (known !== undefined) return new Secret(known.trim())
  const fresh = randomBytes(24).toString('base64url')
  await writeSecretFile(path, `${fresh}\n`)
  return new Secret(fresh)
}

/** True when the cluster was made now. It is made beside its place and moved there whole, so a crash leaves no half of one. */
async function initialise(cluster: Cluster, password: Secret): Promise<boolean> {
  const { folder, initdb, account } = cluster
  if ((await stat(join(folder, 'PG_VERSION')).catch(() => undefined)) !== undefined) return false
  const unfinished = `${folder}.unfinished`
  const passwordFile = `${folder}.password`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true, mode: 0o700 })
  await writeFile(passwordFile, password.reveal(), { mode: 0o600 })
  if (account !== undefined) {
    await chown(unfinished, account.uid, account.gid)
    await chown(passwordFile, account.uid, account.gid)
  }
  const child = spawn(
    initdb,
    ['-D', unfinished, '-U', 'postgres', `--pwfile=${passwordFile}`, ...clusterOptions],
    { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/', ...toIdentity(cluster) },
  )
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const [code] = (await once(child, 'exit')) as [number | null]
  await rm(passwordFile, { force: true })
  if (code !== 0) throw new Error(`PostgreSQL could not make its cluster in ${folder}: ${complaint.trim()}`)
  await rename(unfinished, folder)
  return true
}

const clusterOptions = ['-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C', '--data-checksums', '--no-instructions']

/** A server that was killed leaves its PostgreSQL behind; it is asked to end before another one starts. */
async function stopOrphan({ folder, postgres }: Cluster, onEvent: EmbeddedPostgresOptions['onEvent']): Promise<void> {
  const pidFile = join(folder, 'postmaster.pid')
  const text = await readFile(pidFile, 'utf8').catch(() => undefined)
  if (text === undefined) return
  const pid = Number(text.split('\n', 1)[0])
  if (isProcessAlive(pid) && (await isOurPostgres(pid, postgres, folder))) {
    process.kill(pid, 'SIGINT')
    await untilGone(pid)
    onEvent({ kind: 'orphan_stopped', pid })
  } else {
    // Its process is gone, or the number now belongs to another program; PostgreSQL would only guess.
    await unlink(pidFile).catch(() => undefined)
  }
}

async function untilGone(pid: number): Promise<void> {
  const deadline = performance.now() + stopWithinMs
  while (isProcessAlive(pid)) {
    if (performance.now() > deadline) process.kill(pid, 'SIGQUIT')
    await wait(20)
  }
}

function launch(cluster: Cluster, port: number, durability: 'full' | 'none', logPath: string): ChildProcess {
  const settings: Readonly<Record<string, string>> = {
    listen_addresses: host,
    port: String(port),
    unix_socket_directories: '',
    shared_buffers: '128MB',
    max_connections: '100',
    jit: 'off',
    wal_compression: 'on',
    max_wal_size: '1GB',
    checkpoint_timeout: '15min',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Statements may carry what people typed; only what went wrong is logged.
    log_min_error_statement: 'panic',
    password_encryption: 'scram-sha-256',
    ...(durability === 'none' ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  }
  const child = spawn(
    cluster.postgres,
    ['-D', cluster.folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // In a group of its own, so that Ctrl-C reaches it only through us, after the last request.
    { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', detached: true, ...toIdentity(cluster) },
  )
  const log = createWriteStream(logPath, { flags: 'a', mode: 0o600 })
  child.stdout?.pipe(log, { end: false })
  child.stderr?.pipe(log, { end: false })
  child.once('close', () => log.end())
  return child
}

async function untilReady(child: ChildProcess, administrator: Secret, logPath: string): Promise<void> {
  const deadline = performance.now() + readyWithinMs
  while (!(await isAcceptingConnections(administrator))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`PostgreSQL did not start; its log is ${logPath}`)
    if (performance.now() > deadline) throw new Error(`PostgreSQL was not ready within ${readyWithinMs / 1000} s; its log is ${logPath}`)
    await wait(15)
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGINT')
  const late = setTimeout(() => child.kill('SIGQUIT'), stopWithinMs)
  await gone
  clearTimeout(late)
}

function toIdentity({ account }: Cluster): { uid?: number; gid?: number } {
  return account === undefined ? {} : { uid: account.uid, gid: account.gid }
}

function toUrl(role: string, database: string, password: Secret, port: number): Secret {
  return new Secret(`postgres://${role}:${password.reveal()}@${host}:${port}/${database}`)
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('A listening server has a port')
  return address.port
}
