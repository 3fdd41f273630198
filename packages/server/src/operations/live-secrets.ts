import { watch } from 'node:fs'
import type { Clock } from '@gatehouse/kernel/clock'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import { readSecretFile, Secret } from '@gatehouse/kernel/secrets'
import { join } from 'node:path'
import { digestOf, readReplacements, type Replaceable, type Replacement } from './replaced-secrets.ts'

/** The present secrets of settings: from the configuration, or what has replaced them since. */
export type LiveSecrets = {
  readonly current: (name: Replaceable) => Secret | undefined
  /** The current secret, then the previous one while it is accepted too. */
  readonly accepted: (name: Replaceable) => readonly Secret[]
  /** The present password of the bundled PostgreSQL; undefined before there is one. */
  readonly databasePassword: () => string | undefined
  readonly reread: () => Promise<void>
}

type GivenSecrets = Readonly<
  Record<'databaseUrl' | 'metricsToken' | 'paddleApiKey' | 'paddleSecret' | 'sentryDsn', Secret | undefined>
>

/** Reads the replaced secrets once; `reread` reads them again. */
export async function openLiveSecrets(
  given: GivenSecrets,
  secretsFolder: string,
  clock: Clock,
): Promise<LiveSecrets> {
  const configured: Readonly<Record<Replaceable, Secret | undefined>> = {
    DATABASE_URL: given.databaseUrl,
    METRICS_TOKEN: given.metricsToken,
    PADDLE_API_KEY: given.paddleApiKey,
    PADDLE_WEBHOOK_SECRET: given.paddleSecret,
    SENTRY_DSN: given.sentryDsn,
  }
  let replacements: Awaited<ReturnType<typeof readReplacements>> = {}
  let password: string | undefined
  const reread = async (): Promise<void> => {
    replacements = await readReplacements(secretsFolder)
    password = (await readSecretFile(join(secretsFolder, 'database-password')))?.trim()
  }
  const find = (name: Replaceable): Replacement | undefined => {
    const [own, replacement] = [configured[name], replacements[name]]
    if (own === undefined || replacement === undefined) return undefined
    return digestOf(own.reveal()) === replacement.replaces ? replacement : undefined
  }
  const current: LiveSecrets['current'] = (name) => {
    const replacement = find(name)
    return replacement === undefined ? configured[name] : new Secret(replacement.value)
  }
  await reread()
  return {
    current,
    accepted: (name) => {
      const before = find(name)?.before ?? null
      const isAccepted = before !== null && clock.now() < before.acceptedUntilMs
      return [current(name), isAccepted ? new Secret(before.value) : undefined].flatMap((one) => one ?? [])
    },
    databasePassword: () => password,
    reread,
  }
}

const settleMs = 100

/**
 * Loads replaced secrets as soon as their file has changed; an unreadable file is ignored. Returns a function that
 * stops watching.
 */
export function followSecrets(secrets: LiveSecrets, secretsFolder: string, log: Logger): () => void {
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(secretsFolder, () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      secrets
        .reread()
        .catch((error: unknown) =>
          log.error('Replaced settings cannot be read, so those of before stay', toErrorFields(error)),
        )
    }, settleMs)
  })
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}
