import { resolve } from 'node:path'
import { createEgress, parseEgressAllowance, parseNameServers } from '@gatehouse/kernel/egress'
import type { Secret } from '@gatehouse/kernel/secrets'
import { readServerConfig } from '../config.ts'
import {
  listRunbookRecords,
  type RunbookId,
  runbookIds,
  type RunbookRecord,
} from '../operations/runbook-records.ts'
import { type LocalInstance, type LocalOptions, withLocalInstance } from './local-instance.ts'
import { askOwnServer, toOwnOrigin } from './runbooks/ask-own-server.ts'
import { runbooks } from './runbooks/index.ts'
import { runRunbook, type RunbookRun, type RunbookTeller } from './runbooks/run-runbook.ts'
import type { Person, RunbookContext, RunbookOptions, Step } from './runbooks/runbook.ts'

const dnsQueriesMax = 20

export type RunbookWish = {
  readonly id: RunbookId
  readonly options: RunbookOptions
  readonly person: Person
  readonly teller: RunbookTeller
  readonly signal: AbortSignal
}

export type ListedRunbook = {
  readonly id: RunbookId
  readonly title: string
  readonly steps: readonly Pick<Step, 'id' | 'kind' | 'says'>[]
  readonly needsPerson: boolean
  readonly last: RunbookRecord | null
  readonly lastDrill: RunbookRecord | null
}

export function isRunbookId(text: string): text is RunbookId {
  return runbookIds.some((id) => id === text)
}

/** Every runbook, with the times of its last run and last drill on this instance. */
export async function listRunbooks({
  env,
  folder,
}: Pick<LocalOptions, 'env' | 'folder'>): Promise<readonly ListedRunbook[]> {
  const dataFolder = resolve(folder, readServerConfig(env, folder).dataFolder)
  const [meant, drilled] = [
    await listRunbookRecords(dataFolder, { isDrill: false }),
    await listRunbookRecords(dataFolder, { isDrill: true }),
  ]
  return runbookIds.map((id) => ({
    id,
    title: runbooks[id].title,
    steps: runbooks[id].steps.map((step) => ({ id: step.id, kind: step.kind, says: step.says })),
    needsPerson: needsPerson(id),
    last: meant.get(id) ?? null,
    lastDrill: drilled.get(id) ?? null,
  }))
}

export function needsPerson(id: RunbookId): boolean {
  const steps: readonly Step[] = runbooks[id].steps
  return steps.some((step) => step.needsPerson === true)
}

/** Runs a runbook on the instance itself, whether its server runs or not. */
export function runLocalRunbook(options: LocalOptions, wish: RunbookWish): Promise<RunbookRun> {
  return withLocalInstance(options, (local) =>
    onInstance(local, options.env, toOwnOrigin(local.config), wish, (context) =>
      runRunbook(wish.id, context, {
        isDrill: false,
        dataFolder: resolve(options.folder, local.config.dataFolder),
        teller: wish.teller,
      }),
    ),
  )
}

/** Runs work with a runbook context, including an egress that is closed afterwards. */
export async function onInstance<T>(
  local: LocalInstance,
  env: LocalOptions['env'],
  origin: string,
  { options, person, signal }: Pick<RunbookWish, 'options' | 'person' | 'signal'>,
  work: (context: RunbookContext) => Promise<T>,
): Promise<T> {
  const { config } = local
  const egress = createEgress({
    allow: parseEgressAllowance(config.egressAllow),
    dnsServers: config.dnsServers.flatMap((text) => parseNameServers(text)),
    dnsQueriesMax,
  })
  try {
    const askServer = askOwnServer({ egress, signal }, origin)
    const held = new Map<string, Secret>()
    return await work({ local, env, egress, options, person, signal, held, askServer })
  } finally {
    egress.close()
  }
}
