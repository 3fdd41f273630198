import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readSecretFile, replaceSecretFile } from '@gatehouse/kernel/secrets'
import { z } from 'zod'

/** The ids of the runbooks, the most severe first. */
export const runbookIds = [
  'paddle-api-key',
  'paddle-webhook-secret',
  'database-url',
  'deploy-token',
  'metrics-token',
  'sentry-dsn',
  'exchange-keys',
  'customer-keys',
  'jwt-key',
  'pepper',
  'master-key',
  'signing-key',
  'webhook-secret',
] as const

export type RunbookId = (typeof runbookIds)[number]

const foundSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))

const recordSchema = z.strictObject({
  runbook: z.enum(runbookIds),
  isDrill: z.boolean(),
  /** `partly`: the steps were taken, but something could not be observed or is still to come. */
  outcome: z.enum(['done', 'partly', 'failed']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  /** The duration without the time spent waiting for a person or for a deadline. */
  ownMs: z.number(),
  steps: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(['rotate', 'check', 'investigate']),
      state: z.enum(['done', 'unproven', 'failed', 'left']),
      /** The reason when it is not done; null otherwise. */
      because: z.string().nullable(),
      ms: z.number(),
      waitedMs: z.number(),
      found: foundSchema,
    }),
  ),
})

export type RunbookRecord = z.output<typeof recordSchema>
export type RunbookFound = z.output<typeof foundSchema>

const folderName = 'runbooks'
/** The most records that are read; old ones are the operator's to delete. */
const recordsReadMax = 2_000

/** Writes a record to the data folder, readable by the operator only; returns the file. */
export async function writeRunbookRecord(dataFolder: string, record: RunbookRecord): Promise<string> {
  const folder = join(dataFolder, folderName)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const name = `${record.startedAt.replaceAll(/[:.]/g, '-')}-${record.runbook}.json`
  const path = join(folder, name)
  await replaceSecretFile(path, `${JSON.stringify(record, null, 2)}\n`)
  return path
}

/** The newest record of each runbook, of drills or of real runs; a file that is no record is skipped. */
export async function listRunbookRecords(
  dataFolder: string,
  { isDrill }: { readonly isDrill: boolean },
): Promise<ReadonlyMap<RunbookId, RunbookRecord>> {
  const folder = join(dataFolder, folderName)
  const found: readonly string[] = await readdir(folder).catch(() => [])
  const names = found.toSorted().slice(-recordsReadMax)
  const newest = new Map<RunbookId, RunbookRecord>()
  for (const name of names) {
    const parsed = recordSchema.safeParse(parseJson(await readSecretFile(join(folder, name))))
    if (parsed.success && parsed.data.isDrill === isDrill) newest.set(parsed.data.runbook, parsed.data)
  }
  return newest
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
