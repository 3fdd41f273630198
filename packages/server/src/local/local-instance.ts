import { join, resolve } from 'node:path'
import { type AuditLog, createAuditLog } from '@gatehouse/kernel/audit'
import { systemClock, type Clock } from '@gatehouse/kernel/clock'
import { type Database, openDatabase } from '@gatehouse/kernel/db'
import { createLogger } from '@gatehouse/kernel/log'
import { createSecretFolder, type Secret } from '@gatehouse/kernel/secrets'
import { readServerConfig, type ServerConfig } from '../config.ts'
import { openDataFolder } from '../embedded/data-folder.ts'
import { type KeyMaterial, loadKeyMaterial } from '../embedded/first-run.ts'
import { prepareSchema } from '../schema.ts'
import { startDatabase } from '../start-database.ts'
import { assertOwnKeys } from '../assert-own-keys.ts'
import { findRunningDatabase } from './find-running-database.ts'

/** The instance as a command on the server's own machine sees it: its database and its keys, with no server needed. */
export type LocalInstance = {
  readonly config: ServerConfig
  readonly db: Database
  readonly audit: AuditLog
  readonly clock: Clock
  readonly keys: KeyMaterial
}

export type LocalOptions = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The folder that the command was started in. */
  readonly folder: string
  /** Told what takes a while. */
  readonly progress: (text: string) => void
}

type OpenedDatabase = { readonly db: Database; readonly close: () => Promise<void> }

/**
 * Opens the database that the server uses: `DATABASE_URL`, else the bundled one, which is started for the occasion when
 * no server runs. Whatever was opened is closed again.
 */
export async function withLocalInstance<T>(
  { env, folder, progress }: LocalOptions,
  work: (local: LocalInstance) => Promise<T>,
): Promise<T> {
  const config = readServerConfig(env, folder)
  const dataFolder = resolve(folder, config.dataFolder)
  const { db, close } = await open(config.databaseUrl, dataFolder, progress)
  try {
    const secrets = join(dataFolder, 'secrets')
    await createSecretFolder(secrets)
    const keys = await loadKeyMaterial(secrets, env)
    await assertOwnKeys(db, keys.signingPublicKeys, secrets)
    return await work({ config, db, keys, audit: createAuditLog(keys.signing), clock: systemClock })
  } finally {
    await close()
  }
}

async function open(
  given: Secret | undefined,
  dataFolder: string,
  progress: (text: string) => void,
): Promise<OpenedDatabase> {
  const url = given ?? (await findRunningDatabase(dataFolder))
  if (url !== undefined) {
    const db = openDatabase({ url, connectionsMax: 4 })
    if (given !== undefined) await prepareSchema(db, systemClock.now())
    return { db, close: db.end }
  }
  progress('Starting the database for this command …\n')
  const held = await openDataFolder(dataFolder)
  try {
    const { db, stop } = await startDatabase(undefined, held, createLogger('silent'), systemClock.now())
    const close = async (): Promise<void> => {
      try {
        await stop()
      } finally {
        await held.release()
      }
    }
    return { db, close }
  } catch (error) {
    await held.release()
    throw error
  }
}
