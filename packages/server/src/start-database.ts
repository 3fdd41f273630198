import {
  assertChannel,
  assertServer,
  cutOnSilence,
  type Database,
  type InvalidationChannel,
  listenForInvalidations,
  openDatabase,
  type Invalidations,
} from '@gatehouse/kernel/db'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import { LiveSecret, type Secret } from '@gatehouse/kernel/secrets'
import type { DataFolder } from './embedded/data-folder.ts'
import { type EmbeddedPostgres, type PostgresEvent, startEmbeddedPostgres } from './embedded/postgres.ts'
import { prepareSchema, schema as ownSchema } from './schema.ts'
import type { LiveSecrets } from './operations/live-secrets.ts'
import type { ServiceSchema } from './service/define-service.ts'

export type RunningDatabase = {
  readonly db: Database
  readonly url: Secret
  readonly invalidations: Invalidations
  readonly stop: () => Promise<void>
}

type DatabaseSecrets = Pick<LiveSecrets, 'current' | 'databasePassword'>

/** The secrets of an instance without a configured database. */
export const bundledDatabase: DatabaseSecrets = {
  current: () => undefined,
  databasePassword: () => undefined,
}

/**
 * Connects to the operator's own PostgreSQL if one is configured, else to the bundled one; migrates it, once `admit`
 * has allowed this process to continue.
 */
export async function startDatabase(
  secrets: DatabaseSecrets,
  folder: DataFolder,
  log: Logger,
  nowMs: number,
  admit: (channel: InvalidationChannel) => Promise<void> = async () => undefined,
  schema: ServiceSchema = ownSchema,
): Promise<RunningDatabase> {
  let embedded: EmbeddedPostgres | undefined
  const isGiven = secrets.current('DATABASE_URL') !== undefined
  if (!isGiven)
    embedded = await startEmbeddedPostgres({
      dataFolder: folder.path,
      secretsFolder: folder.secrets,
      durability: 'full',
      onEvent: (event) => logEvent(log, event),
    })
  const bundled = embedded?.databaseUrl
  const url = liveUrl(secrets, bundled)
  const db = openDatabase({
    url,
    onConnectionLost: (error) => log.warn('A database connection broke', { error: error.message }),
  })
  let invalidations: InvalidationChannel | undefined
  try {
    const channel = await listenForInvalidations(url).catch((error: unknown) => {
      throw isGiven ? toRefusal(error) : error
    })
    invalidations = channel
    await assertServer(db)
    await assertChannel(db, channel)
    await admit(channel)
    const applied = await prepareSchema(db, nowMs, schema)
    if (applied.length > 0) log.info('The database was migrated', { count: applied.length })
    const stopCutting = cutOnSilence(db, channel)
    return {
      db,
      url,
      invalidations: channel,
      stop: async () => {
        stopCutting()
        await channel.stop()
        await db.end()
        await embedded?.stop()
      },
    }
  } catch (error) {
    await invalidations?.stop()
    await db.end()
    await embedded?.stop()
    throw error
  }
}

function toRefusal(error: unknown): Error {
  const because = error instanceof Error ? error.message : String(error)
  return new Error(`The database of DATABASE_URL did not take the connection: ${because}`, { cause: error })
}

/**
 * The present URL of the configured or of the bundled PostgreSQL: the password of either can be replaced while the pool
 * is open.
 */
export function liveUrl(secrets: DatabaseSecrets, bundled: Secret | undefined): Secret {
  return new LiveSecret(() => {
    const given = secrets.current('DATABASE_URL')
    if (given !== undefined) return given.reveal()
    if (bundled === undefined) throw new Error('There is no database to open')
    const now = new URL(bundled.reveal())
    now.password = secrets.databasePassword() ?? now.password
    return now.href
  })
}

function logEvent(log: Logger, event: PostgresEvent): void {
  switch (event.kind) {
    case 'initialised':
      return log.info('The bundled PostgreSQL was set up')
    case 'cluster_left':
      return log.warn(
        `The PostgreSQL cluster in ${event.folder} was that of ${event.dataFolder}, which does not lead to it any more. ` +
          'Delete it if its data is not needed: without the secrets of that folder it is of no use',
      )
    case 'orphan_stopped':
      return log.warn('A PostgreSQL that an earlier server left behind was stopped', { pid: event.pid })
    case 'died':
      return log.error('PostgreSQL ended unasked and is started again')
    case 'restart_failed':
      return log.error('PostgreSQL could not be started again yet', toErrorFields(event.error))
    case 'restarted':
      return log.warn('PostgreSQL is running again')
  }
}
