import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@gatehouse/kernel/log'
import { createSecretFolder } from '@gatehouse/kernel/secrets'
import { compose } from '../../compose.ts'
import { readServerConfig } from '../../config.ts'
import { startEmbeddedPostgres } from '../../embedded/postgres.ts'
import { createLocalKey } from '../create-local-key.ts'
import { createLocalOwner } from '../create-local-owner.ts'
import { type LocalInstance, withLocalInstance } from '../local-instance.ts'
import { startMailbox } from './mailbox.ts'
import { type DrillProvider, startProvider } from './provider.ts'

/** A temporary instance for a drill: a server, a database, secrets, and the external systems that they talk to. */
export type DrillGround = {
  readonly origin: string
  readonly env: Readonly<Record<string, string>>
  readonly provider: DrillProvider
  /** The mails that the server has sent. */
  readonly mails: readonly string[]
  /** The API key of the temporary org. */
  readonly apiKey: string
  readonly org: string
  /** Runs work in the way of a command on the server's own machine. */
  readonly locally: <T>(work: (local: LocalInstance) => Promise<T>) => Promise<T>
}

const text = (length = 24): string => randomBytes(length).toString('base64url')

/** Runs work on a temporary instance, which is removed afterwards, also after a failure. */
export async function withDrillGround<T>(work: (ground: DrillGround) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-drill-'))
  // Under root, PostgreSQL runs as another account, which must be able to pass through.
  await chmod(folder, 0o711)
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
  try {
    const secretsFolder = join(folder, 'database', 'secrets')
    await createSecretFolder(secretsFolder)
    await chmod(join(folder, 'database'), 0o711)
    const postgres = await startEmbeddedPostgres({
      dataFolder: join(folder, 'database'),
      secretsFolder,
      durability: 'full',
      onEvent: () => undefined,
    })
    stops.push(postgres.stop)
    const provider = await startProvider()
    stops.push(provider.stop)
    const mailbox = await startMailbox()
    stops.push(mailbox.stop)
    const sentryKey = randomBytes(16).toString('hex')
    const env = {
      GATEHOUSE_DATA: join(folder, 'data'),
      GATEHOUSE_FEEDS: 'off',
      GATEHOUSE_PROBES: 'off',
      GATEHOUSE_PORT: '0',
      DATABASE_URL: postgres.databaseUrl.reveal(),
      METRICS_TOKEN: text(),
      SENTRY_DSN: `http://${sentryKey}@127.0.0.1:${provider.port}/1`,
      PADDLE_API_KEY: `pdl_drill_${text()}`,
      PADDLE_API_URL: provider.origin,
      SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`,
      GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${provider.port}`,
      PADDLE_WEBHOOK_SECRET: `pdl_ntfset_${text()}`,
    }
    provider.take('sentryKey', sentryKey)
    provider.take('paddleKey', env.PADDLE_API_KEY)
    const server = await compose({
      config: readServerConfig(env, folder),
      log: createLogger('silent'),
      env,
    })
    stops.push(server.stop)
    const locally: DrillGround['locally'] = (local) =>
      withLocalInstance({ env, folder, progress: () => undefined }, local)
    const made = await locally(async (local) => {
      const { team } = await createLocalOwner(local, {
        email: 'drill@example.com',
        orgName: 'Drill',
        password: text(),
      })
      const wish = { service: 'uptime', scopes: ['monitors:read'], name: 'drill', org: team.id }
      const { apiKey } = await createLocalKey(local, wish)
      return { org: team.id, apiKey: apiKey.key }
    })
    return await work({ origin: server.origin, env, provider, mails: mailbox.mails, locally, ...made })
  } finally {
    for (const stop of stops.toReversed()) await stop()
  }
}
