import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { defineClaim, type VerifiedClaim } from '../posture/define-claim.ts'
import { type Finding, unknown } from '../posture/finding.ts'
import type { Target } from '../posture/target.ts'

type OwnProbe = (target: Pick<Target, 'origin' | 'send'>, signal: AbortSignal) => unknown

const ownClaim = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)+$/, 'must be words in lower case, joined by dots or hyphens'),
  control: z.string().min(1),
  sentence: z.string().min(1),
  probe: z.custom<OwnProbe>((value) => typeof value === 'function', 'must be a function'),
  timeoutMs: z.int().positive().optional(),
  requestsMax: z.int().positive().optional(),
})

const figures = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).default({})
const ownFinding = z.discriminatedUnion('verdict', [
  z.object({ verdict: z.literal('holds'), figures }),
  z.object({ verdict: z.enum(['fails', 'unknown']), because: z.string().min(1), figures }),
])

/** Reads the claims of a folder: each of its modules exports one as `claim`. */
export async function readOwnClaims(folder: string): Promise<readonly VerifiedClaim[]> {
  const all = await readdir(folder).catch((error: unknown) => {
    throw new Error(`--claims: ${folder} is no folder that can be read`, { cause: error })
  })
  const files = all.filter(isModule).toSorted()
  if (files.length === 0) throw new Error(`--claims: there is no module in ${folder}`)
  const found = new Map<string, { readonly file: string; readonly claim: VerifiedClaim }>()
  for (const file of files) {
    const claim = await readClaim(folder, file)
    const other = found.get(claim.id)
    if (other !== undefined) throw new Error(`${file}: id: ${other.file} is called ${claim.id} too`)
    found.set(claim.id, { file, claim })
  }
  return [...found.values()].map(({ claim }) => claim)
}

function isModule(file: string): boolean {
  return /\.(?:m?[jt]s)$/.test(file) && !/\.(?:d|test)\.m?[jt]s$/.test(file)
}

async function readClaim(folder: string, file: string): Promise<VerifiedClaim> {
  let loaded: { readonly claim?: unknown }
  try {
    // Safe: a module is an object, and its exports are parsed afterwards.
    loaded = (await import(pathToFileURL(join(folder, file)).href)) as typeof loaded
  } catch (error) {
    throw new Error(`${file} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
  const parsed = ownClaim.safeParse(loaded.claim)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const field = ['claim', ...(issue?.path ?? [])].join('.')
    throw new Error(`${file}: ${field}: ${issue?.message ?? 'is no claim'}`)
  }
  const { sentence, probe, id, control, timeoutMs, requestsMax } = parsed.data
  const words = { en: sentence, ja: sentence }
  return defineClaim({
    id,
    control,
    sources: [],
    sentence: () => words,
    why: words,
    owner: file,
    method: words,
    everyMinutes: 60,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(requestsMax === undefined ? {} : { requestsMax }),
    probe: {
      kind: 'outside',
      run: async ({ origin, send }, signal) => toFinding(await probe({ origin, send }, signal)),
    },
  })
}

/** Parses a finding; a malformed one throws, and never counts as a pass. */
function toFinding(value: unknown): Finding {
  const parsed = ownFinding.safeParse(value)
  if (!parsed.success)
    return unknown('The probe returned no verdict: holds, or fails or unknown with a sentence in because')
  return parsed.data
}
