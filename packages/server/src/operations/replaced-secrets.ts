import { hash } from 'node:crypto'
import { join } from 'node:path'
import { readSecretFile, replaceSecretFile } from '@gatehouse/kernel/secrets'
import { z } from 'zod'

/** The settings whose secrets can be replaced while the server runs. */
const replaceable = [
  'DATABASE_URL',
  'METRICS_TOKEN',
  'PADDLE_API_KEY',
  'PADDLE_WEBHOOK_SECRET',
  'SENTRY_DSN',
] as const

export type Replaceable = (typeof replaceable)[number]

const replacement = z.strictObject({
  /**
   * SHA-256 of the configured value: a replacement applies to that one value only, so that a setting changed later
   * wins.
   */
  replaces: z.string().regex(/^[0-9a-f]{64}$/),
  value: z.string().min(1).max(4_096),
  replacedAtMs: z.number().int(),
  /** The previous secret, while that is accepted too. */
  before: z.strictObject({ value: z.string(), acceptedUntilMs: z.number().int() }).nullable(),
})

export type Replacement = z.output<typeof replacement>

const schema = z.strictObject({
  replacements: z.partialRecord(z.enum(replaceable), replacement),
})

export type Replacements = Readonly<Partial<Record<Replaceable, Replacement>>>

const fileName = 'replaced-settings.json'

export function toReplacementFile(secretsFolder: string): string {
  return join(secretsFolder, fileName)
}

/** Throws when other users can read the file, or when its content is invalid. */
export async function readReplacements(secretsFolder: string): Promise<Replacements> {
  const path = toReplacementFile(secretsFolder)
  const text = await readSecretFile(path)
  if (text === undefined) return {}
  const parsed = schema.safeParse(parseJson(text))
  if (!parsed.success) throw new Error(`${path} does not hold replaced settings; restore it or delete it`)
  return parsed.data.replacements
}

/** Stores the replacement of a secret; undefined removes it. */
export async function writeReplacement(
  secretsFolder: string,
  name: Replaceable,
  next: Replacement | undefined,
): Promise<void> {
  const { [name]: _before, ...others } = await readReplacements(secretsFolder)
  const replacements: Replacements = next === undefined ? others : { ...others, [name]: next }
  await replaceSecretFile(toReplacementFile(secretsFolder), `${JSON.stringify({ replacements }, null, 2)}\n`)
}

export function digestOf(value: string): string {
  return hash('sha256', value)
}

/** Undefined when the text is no JSON; the parser's own message would quote the text. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
