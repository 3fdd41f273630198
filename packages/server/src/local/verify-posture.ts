import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '@gatehouse/kernel/clock'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { z } from 'zod'
import { toPosturePolicy } from '../posture-figures.ts'
import { claims } from '../posture/claims/index.ts'
import { isVerified, type VerifiedClaim } from '../posture/define-claim.ts'
import { askForRun, type LentOrg, probeTarget, readRun, type TargetRun } from '../posture/index.ts'
import { schema } from '../schema.ts'
import type { LocalInstance } from './local-instance.ts'
import { readOwnClaims } from './read-own-claims.ts'

/** The result of one probe, as a command shows it. */
export type PostureResult = {
  readonly claim: string
  readonly sentence: string
  readonly verdict: 'holds' | 'fails' | 'unknown'
  readonly because: string | null
  readonly figures: Readonly<Record<string, number | string | boolean>>
  readonly tookMs: number
}

export type PostureWish = {
  /** The id of the only claim to probe; undefined for all. */
  readonly only: string | undefined
  readonly onProgress: (done: number, total: number, now: string | null) => void
  readonly signal: AbortSignal
  /** How to wait for the limits of the target; by default in real time. */
  readonly time?: Pick<TargetRun, 'clock' | 'waitMs'>
}

const askAgainMs = 500
/** The longest wait for a server to start a run, which takes seconds unless another run is under way. */
const takenUpWithinMs = 300_000

/**
 * Lets the running server of this machine probe itself: from outside, from inside and through a receiver of its own.
 */
export async function verifyPosture(
  local: LocalInstance,
  { only, onProgress, signal }: PostureWish,
): Promise<readonly PostureResult[]> {
  const chosen = choose(claims.filter(isVerified), only)
  const by = { kind: 'system', orgId: instanceOrgId, because: 'command' } as const
  const id = await askForRun({ ...local, claims }, by, only === undefined ? null : [only])
  const startedMs = performance.now()
  for (;;) {
    const found = await readRun(local, id)
    if (found === undefined) throw new Error('The run is gone')
    const { run, results } = found
    onProgress(run.done, run.total, run.probing)
    if (run.endedAtMs !== null) {
      if (run.state === 'failed') throw new Error('The run broke off; the log of the server says why')
      return results.map(({ claim, started, ended, ...result }) => ({
        ...result,
        claim,
        sentence: toSentence(chosen, claim),
        tookMs: Date.parse(ended) - Date.parse(started),
      }))
    }
    if (run.state === 'waiting' && performance.now() - startedMs > takenUpWithinMs)
      throw new Error('No server of this database took the run up. Start it with gatehouse serve')
    await pause(askAgainMs, undefined, { signal })
  }
}

const lentOrgs = z
  .array(
    z
      .object({ owner: z.strictObject({ email: z.string().min(1), password: z.string().min(1) }).optional() })
      .catchall(z.string().min(1)),
  )
  .max(2)

/** Parses the credentials of two test orgs: `[{"uptime": "mk_…", "owner": {"email": "…", "password": "…"}}, …]`. */
function parseOrgs(text: string | undefined): readonly LentOrg[] {
  if (text === undefined || text.trim() === '') return []
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error(
      'The keys of test organisations are no JSON; write [{"uptime": "mk_…"}, {"uptime": "mk_…"}]',
    )
  }
  const parsed = lentOrgs.safeParse(value)
  if (!parsed.success)
    throw new Error(
      'The keys of test organisations must be a list of up to two objects, each with a key by the name of its service, and an owner with email and password',
    )
  return parsed.data.map(({ owner = null, ...keys }) => ({ keys, owner }))
}

/** Probes a deployment over the network alone, in test orgs whose credentials were supplied. */
export async function verifyTarget(
  target: string,
  orgs: string | undefined,
  wish: PostureWish,
): Promise<readonly PostureResult[]> {
  const origin = toOrigin(target)
  return probeFromOutside(claims.filter(isVerified), origin, parseOrgs(orgs), wish)
}

/** Probes any API with the claims of a folder of modules, which the user of the command supplies. */
export async function verifyOwnClaims(
  folder: string,
  target: string,
  wish: PostureWish,
): Promise<readonly PostureResult[]> {
  const origin = toOrigin(target)
  return probeFromOutside(await readOwnClaims(folder), origin, [], wish)
}

function toOrigin(target: string): string {
  const url = URL.parse(target)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error(`--target must be a URL such as https://gatehouse.example.com, not ${target}`)
  return target.replace(/\/+$/, '')
}

async function probeFromOutside(
  verified: readonly VerifiedClaim[],
  origin: string,
  orgs: readonly LentOrg[],
  { only, onProgress, signal, time = realTime }: PostureWish,
): Promise<readonly PostureResult[]> {
  const chosen = choose(verified, only)
  const results = await probeTarget({
    claims: chosen,
    policy: toPosturePolicy([], schema),
    origin,
    orgs,
    ...time,
    signal,
    onProgress: ({ done, total, now }) => onProgress(done, total, now),
  })
  return results.map(({ claim, finding, startedMs, endedMs }) => ({
    claim: claim.id,
    sentence: toSentence(chosen, claim.id),
    verdict: finding.verdict,
    because: finding.verdict === 'holds' ? null : finding.because,
    figures: finding.figures,
    tookMs: endedMs - startedMs,
  }))
}

const realTime: Pick<TargetRun, 'clock' | 'waitMs'> = {
  clock: systemClock,
  waitMs: (ms, signal) => pause(ms, undefined, { signal }),
}

function choose(verified: readonly VerifiedClaim[], only: string | undefined): readonly VerifiedClaim[] {
  const chosen = verified.filter(({ id }) => only === undefined || id === only)
  if (chosen.length === 0)
    throw new Error(`No claim is called ${only}; there are ${verified.map(({ id }) => id).join(', ')}`)
  return chosen
}

function toSentence(chosen: readonly VerifiedClaim[], id: string): string {
  return chosen.find((claim) => claim.id === id)?.sentence(toPosturePolicy([], schema)).en ?? id
}
