import { setTimeout as wait } from 'node:timers/promises'
import type { Secret } from '@gatehouse/kernel/secrets'
import {
  digestOf,
  type Replaceable,
  type Replacement,
  toReplacementFile,
  writeReplacement,
} from '../../operations/replaced-secrets.ts'
import type { LocalInstance } from '../local-instance.ts'
import type { RunbookContext } from './runbook.ts'

/** The value in the configuration itself, whether it has been replaced since or not. */
export function configuredSecret({ config }: LocalInstance, name: Replaceable): Secret | undefined {
  switch (name) {
    case 'DATABASE_URL':
      return config.databaseUrl
    case 'METRICS_TOKEN':
      return config.metricsToken
    case 'PADDLE_API_KEY':
      return config.paddleApiKey
    case 'PADDLE_WEBHOOK_SECRET':
      return config.paddleSecret
    case 'SENTRY_DSN':
      return config.sentryDsn
  }
}

export function assertSet(local: LocalInstance, name: Replaceable): void {
  if (configuredSecret(local, name) === undefined)
    throw new Error(`${name} is not set on this instance: there is nothing to rotate`)
}

/**
 * Replaces the secret of a setting, with immediate effect for this machine's server and commands, and stores the
 * previous one in `held`. Returns the file that holds the new one until the setting itself is changed.
 */
export async function swapSetting(
  { local, held }: Pick<RunbookContext, 'held' | 'local'>,
  name: Replaceable,
  next: Secret,
  overlapMs = 0,
): Promise<string> {
  const { secrets, secretsFolder, clock } = local
  const [configured, before] = [configuredSecret(local, name), secrets.current(name)]
  if (configured === undefined || before === undefined) throw new Error(`${name} is not set`)
  if (next.reveal() === before.reveal()) throw new Error(`The new ${name} is the old one`)
  const replacedAtMs = clock.now()
  held.set('before', before)
  held.set('now', next)
  await writeReplacement(secretsFolder, name, {
    replaces: digestOf(configured.reveal()),
    value: next.reveal(),
    replacedAtMs,
    before: overlapMs === 0 ? null : { value: before.reveal(), acceptedUntilMs: replacedAtMs + overlapMs },
  })
  await secrets.reread()
  return toReplacementFile(secretsFolder)
}

/** Undoes a swap. */
export async function restoreSetting(
  { local }: Pick<RunbookContext, 'local'>,
  name: Replaceable,
  before: Replacement | undefined,
): Promise<void> {
  await writeReplacement(local.secretsFolder, name, before)
  await local.secrets.reread()
}

export function heldSecret({ held }: Pick<RunbookContext, 'held'>, name: string): Secret {
  const secret = held.get(name)
  if (secret === undefined) throw new Error('An earlier step has not been done')
  return secret
}

const [observedMs, betweenMs] = [10_000, 100]

/** Repeats a check for as long as a running server may take to see a change; returns whether it succeeded. */
export async function isObserved(
  { signal }: Pick<RunbookContext, 'signal'>,
  holds: () => Promise<boolean>,
): Promise<boolean> {
  for (let waited = 0; waited <= observedMs; waited += betweenMs) {
    if (await holds()) return true
    await wait(betweenMs, undefined, { signal })
  }
  return false
}

export const noServer = 'the server of this instance does not answer, so that nothing could be tried on it'
