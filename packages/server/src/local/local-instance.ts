import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type AuditLog, createAuditLog } from '@gatehouse/kernel/audit'
import { systemClock, type Clock } from '@gatehouse/kernel/clock'
import { assertNotNewer, assertServer, type Database, openDatabase } from '@gatehouse/kernel/db'
import { createLogger } from '@gatehouse/kernel/log'
import { Secret } from '@gatehouse/kernel/secrets'
import { readServerConfig, type ServerConfig } from '../config.ts'
import { openDataFolder } from '../embedded/data-folder.ts'
import { type KeyMaterial, keyFiles } from '../embedded/first-run.ts'
import { openKeys } from '../embedded/open-keys.ts'
import { type LiveSecrets, openLiveSecrets } from '../operations/live-secrets.ts'
import { prepareSchema, schema } from '../schema.ts'
import { liveUrl, startDatabase } from '../start-database.ts'
import { findRunningDatabase } from './find-running-database.ts'

/** The instance for a command on the server's own machine: its database and its keys; the server need not run. */
export type LocalInstance = {
  readonly config: ServerConfig
  readonly db: Database
  readonly audit: AuditLog
  readonly clock: Clock
  readonly keys: KeyMaterial
  /** The present secrets of the settings. */
  readonly secrets: LiveSecrets
  /** The folder of the instance's secrets. */
  readonly secretsFolder: string
  /** The present URL of the database. */
  readonly databaseUrl: () => Secret
}

export type LocalOptions = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The folder that the command was started in. */
  readonly folder: string
  /** Called with a text when something takes a while. */
  readonly progress: (text: string) => void
}

type OpenedDatabase = { readonly db: Database; readonly url: Secret; readonly close: () => Promise<void> }

/**
 * Opens the database that the server uses: `DATABASE_URL`, else the bundled one, which is started temporarily when no
 * server runs. Whatever was opened is closed afterwards. Where no server ever ran, nothing is created.
 */
export async function withLocalInstance<T>(
  { env, folder, progress }: LocalOptions,
  work: (local: LocalInstance) => Promise<T>,
): Promise<T> {
  const config = readServerConfig(env, folder)
  const dataFolder = resolve(folder, config.dataFolder)
  assertExists(dataFolder, config, env)
  const secretsFolder = join(dataFolder, 'secrets')
  const secrets = await openLiveSecrets(config, secretsFolder, systemClock)
  const { db, url, close } = await open(secrets, dataFolder, progress)
  try {
    const keys = await openKeys(db, {
      folder: secretsFolder,
      env,
      nowMs: systemClock.now(),
      mayMake: false,
    })
    const audit = createAuditLog(keys.signing)
    const databaseUrl = (): Secret => new Secret(url.reveal())
    return await work({ config, db, keys, audit, clock: systemClock, secrets, secretsFolder, databaseUrl })
  } finally {
    await close()
  }
}

/** The URL at which people reach the instance. */
export function toPublicUrl({ config: { publicUrl, host, port } }: LocalInstance): string {
  return publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/**
 * Throws when there is no data folder, unless the instance needs none: it has a database of its own and keys from the
 * environment.
 */
function assertExists(dataFolder: string, { databaseUrl }: ServerConfig, env: LocalOptions['env']): void {
  const isWithout =
    databaseUrl !== undefined && Object.values(keyFiles).every(({ variable }) => env[variable] !== undefined)
  if (isWithout || existsSync(join(dataFolder, 'secrets'))) return
  throw new Error(
    `${dataFolder} is not the data folder of a Gatehouse server. Set GATEHOUSE_DATA to the one of yours, ` +
      'or start the server once',
  )
}

async function open(
  secrets: LiveSecrets,
  dataFolder: string,
  progress: (text: string) => void,
): Promise<OpenedDatabase> {
  const given = secrets.current('DATABASE_URL')
  const running = given === undefined ? await findRunningDatabase(dataFolder) : undefined
  const url = given === undefined && running === undefined ? undefined : liveUrl(secrets, running)
  if (url !== undefined) {
    const db = openDatabase({ url, connectionsMax: 4 })
    try {
      // A running server has migrated its database, and may be of another version than this command.
      await assertServer(db)
      await (given === undefined
        ? assertNotNewer(db, schema.migrations)
        : prepareSchema(db, systemClock.now()))
    } catch (error) {
      await db.end()
      throw error
    }
    return { db, url, close: db.end }
  }
  if (!['postgres', 'postgres.location'].some((name) => existsSync(join(dataFolder, name))))
    throw new Error(
      `There is no database in ${dataFolder}. Set DATABASE_URL as the server has it, or start the server once`,
    )
  progress('Starting the database for this command …\n')
  const held = await openDataFolder(dataFolder)
  try {
    const {
      db,
      url: started,
      stop,
    } = await startDatabase(secrets, held, createLogger('silent'), systemClock.now())
    const close = async (): Promise<void> => {
      try {
        await stop()
      } finally {
        await held.release()
      }
    }
    return { db, url: started, close }
  } catch (error) {
    await held.release()
    throw error
  }
}
