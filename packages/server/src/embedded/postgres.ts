import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { readOrCreateSecretFile, readSecretFile, Secret } from '@gatehouse/kernel/secrets'
import { type HeldLock, holdLock } from './hold-lock.ts'
import { initialiseCluster, isInitialised } from './initialise-cluster.ts'
import { keepRunning } from './keep-running.ts'
import { findLeftClusters, noteOwner } from './left-clusters.ts'
import { type Cluster, placeCluster } from './place-cluster.ts'
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts'
import type { PostgresEvent } from './postgres-event.ts'
import { openPostgresLog } from './postgres-log.ts'
import {
  type Durability,
  host,
  PortTakenError,
  type PostgresProcess,
  startPostgres,
} from './postgres-process.ts'
import { canLogIn, provision } from './provision.ts'
import { stopOrphan } from './stop-orphan.ts'

export type { PostgresEvent } from './postgres-event.ts'

export type EmbeddedPostgres = {
  /** The URL of the login role `gatehouse`, which owns the database and is no superuser. */
  readonly databaseUrl: Secret
  readonly stop: () => Promise<void>
}

export type EmbeddedPostgresOptions = {
  readonly dataFolder: string
  /** An existing folder that only the owner can access; the two passwords are stored in it. */
  readonly secretsFolder: string
  readonly durability: Durability
  readonly onEvent: (event: PostgresEvent) => void
  /** The PostgreSQL programs. Default: the bundled ones; tests use older ones. */
  readonly binaries?: PostgresBinaries
}

type Passwords = { readonly superuser: Secret; readonly login: Secret }

const portsTriedMax = 5

/**
 * Starts the bundled PostgreSQL on the cluster of `dataFolder`, creating it on the first run, and keeps it running:
 * when it dies, it is restarted on the same port.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await placeCluster(options.dataFolder, options.binaries ?? (await findPostgresBinaries()))
  const lock = lockCluster(cluster)
  try {
    await noteOwner(cluster.folder, options.dataFolder)
    const passwords = await loadPasswords(cluster, options.secretsFolder)
    if (!(await isInitialised(cluster))) {
      await initialiseCluster(cluster, passwords.superuser, options.durability)
      options.onEvent({ kind: 'initialised' })
      for (const left of await findLeftClusters(cluster.folder))
        options.onEvent({ kind: 'cluster_left', ...left })
    }
    return await run(cluster, lock, passwords, options)
  } catch (error) {
    lock.release()
    throw error
  }
}

/** The data folder has a lock of its own, but a copy of that folder may refer to the same cluster. */
function lockCluster({ folder }: Cluster): HeldLock {
  const lock = holdLock(`${folder}.lock`)
  if (lock === undefined) throw new Error(`Another server already runs the PostgreSQL cluster in ${folder}`)
  return lock
}

async function loadPasswords(cluster: Cluster, folder: string): Promise<Passwords> {
  const superuser = join(folder, 'database-superuser-password')
  if ((await isInitialised(cluster)) && (await readSecretFile(superuser)) === undefined)
    throw new Error(
      `${superuser} is missing, and the database in ${cluster.folder} opens with nothing else. ` +
        `Restore it; or, to begin anew without the data, delete ${cluster.folder}`,
    )
  return {
    superuser: await loadPassword(superuser),
    login: await loadPassword(join(folder, 'database-password')),
  }
}

async function loadPassword(path: string): Promise<Secret> {
  return new Secret(
    (await readOrCreateSecretFile(path, () => `${randomBytes(24).toString('base64url')}\n`)).trim(),
  )
}

async function run(
  cluster: Cluster,
  lock: HeldLock,
  passwords: Passwords,
  { dataFolder, durability, onEvent }: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const log = openPostgresLog(join(dataFolder, 'postgres.log'))
  const start = async (port: number): Promise<PostgresProcess> => {
    const pid = await stopOrphan(cluster.folder)
    if (pid !== undefined) onEvent({ kind: 'orphan_stopped', pid })
    return startPostgres(cluster, port, durability, log)
  }
  const { port, running } = await startOnFreePort(start)
  const databaseUrl = toUrl('gatehouse', passwords.login, port)
  try {
    if (!(await canLogIn(databaseUrl)))
      await provision(toUrl('postgres', passwords.superuser, port), passwords.login, {
        mayCreateDatabases: durability === 'none',
      })
  } catch (error) {
    await running.stop()
    throw new Error('PostgreSQL runs, but its login role could not be prepared', { cause: error })
  }
  const kept = keepRunning(running, () => start(port), onEvent)
  return { databaseUrl, stop: () => kept.stop().finally(lock.release) }
}

/** After a free port was found, another program may take it before PostgreSQL listens; then another port is tried. */
async function startOnFreePort(
  start: (port: number) => Promise<PostgresProcess>,
): Promise<{ readonly port: number; readonly running: PostgresProcess }> {
  for (let tried = 1; ; tried += 1) {
    const port = await findFreePort()
    try {
      return { port, running: await start(port) }
    } catch (error) {
      if (!(error instanceof PortTakenError) || tried === portsTriedMax) throw error
    }
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string')
    throw new Error('A server that listens on a port has a port')
  return address.port
}

/** The URL of a role; each role has a database with its own name. */
function toUrl(role: 'gatehouse' | 'postgres', password: Secret, port: number): Secret {
  return new Secret(`postgres://${role}:${password.reveal()}@${host}:${port}/${role}`)
}
