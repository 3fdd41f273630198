import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readSecretFile, replaceSecretFile } from '@gatehouse/kernel/secrets'
import { z } from 'zod'

/** What there is a runbook for, the gravest first. */
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
  /** `partly`: done, and something of it could not be observed or is still to come. */
  outcome: z.enum(['done', 'partly', 'failed']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  /** Without what was waited for a person, or for a time to pass. */
  ownMs: z.number(),
  steps: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(['rotate', 'check', 'investigate']),
      state: z.enum(['done', 'unproven', 'failed', 'left']),
      /** Why, where it is not done. */
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
/** Old ones are the operator's to delete; this many are looked through. */
const recordsReadMax = 2_000

/** Kept where the operator finds it, for nobody else; returns the file. */
export async function writeRunbookRecord(dataFolder: string, record: RunbookRecord): Promise<string> {
  const folder = join(dataFolder, folderName)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const name = `${record.startedAt.replaceAll(/[:.]/g, '-')}-${record.runbook}.json`
  const path = join(folder, name)
  await replaceSecretFile(path, `${JSON.stringify(record, null, 2)}\n`)
  return path
}

/** The newest record of each runbook, of drills or of what was meant; a file that is none is passed over. */
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
