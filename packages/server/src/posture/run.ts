import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '@gatehouse/kernel/clock'
import type { VerifiedClaim } from './define-claim.ts'
import { type Finding, unknown } from './finding.ts'
import type { Inside } from './inside.ts'
import type { PosturePolicy } from './posture-policy.ts'
import type { Sink } from './sink.ts'
import type { Target } from './target.ts'

/** What a probe may use; null for what the run does not have. */
export type Means = {
  readonly target: Target | null
  readonly inside: Inside | null
  readonly sink: Sink | null
}

export type RunOptions = {
  readonly claims: readonly VerifiedClaim[]
  readonly policy: PosturePolicy
  readonly clock: Clock
  /** Provides what a probe uses, and releases it when the probe is over. */
  readonly lend: <T>(
    claim: VerifiedClaim,
    signal: AbortSignal,
    work: (means: Means) => Promise<T>,
  ) => Promise<T>
  /** Called before each probe and once after the last. */
  readonly onProgress?: (progress: Progress) => void | Promise<void>
  readonly onResult?: (result: ProbeResult) => void | Promise<void>
  /** Called before each probe; when it returns false, the remaining probes are skipped. */
  readonly mayGoOn?: () => boolean
  /** The extra time of each probe beyond its own timeout, for waits on the limits of its address and keys. */
  readonly patienceMs?: number
  /** The most that a run pauses after a probe; it pauses for as long as the probe took. Default: no pause. */
  readonly restMsMax?: number
  /** Ends the run: the remaining probes are skipped. */
  readonly signal?: AbortSignal
}

export type Progress = { readonly done: number; readonly total: number; readonly now: string | null }

export type ProbeResult = {
  readonly claim: VerifiedClaim
  readonly finding: Finding
  readonly startedMs: number
  readonly endedMs: number
}

const timeoutMs = 60_000

/** Runs the probes one after another, so that none distorts another one's measurements. */
export async function runClaims(options: RunOptions): Promise<readonly ProbeResult[]> {
  const { clock, onProgress, onResult, mayGoOn = () => true, signal } = options
  const claims = inOrder(options.claims)
  const results: ProbeResult[] = []
  for (const claim of claims) {
    if (signal?.aborted === true || !mayGoOn()) break
    await onProgress?.({ done: results.length, total: claims.length, now: claim.id })
    const startedMs = clock.now()
    const finding = await probe(options, claim)
    const result = { claim, finding, startedMs, endedMs: clock.now() }
    results.push(result)
    await onResult?.(result)
    if (results.length < claims.length) await rest(options, result)
  }
  await onProgress?.({ done: results.length, total: claims.length, now: null })
  return results
}

async function rest(
  { restMsMax = 0, signal }: RunOptions,
  { startedMs, endedMs }: ProbeResult,
): Promise<void> {
  const ms = Math.min(endedMs - startedMs, restMsMax)
  if (ms <= 0) return
  // The signal ends the pause early; the loop then stops.
  await pause(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
}

/** Probes that use up the limits of their address come last. */
function inOrder(claims: readonly VerifiedClaim[]): readonly VerifiedClaim[] {
  return [
    ...claims.filter(({ spendsAddress = false }) => !spendsAddress),
    ...claims.filter(({ spendsAddress = false }) => spendsAddress),
  ]
}

/** Runs one probe; a failure of the probe itself says nothing about what it checks. */
async function probe(options: RunOptions, claim: VerifiedClaim): Promise<Finding> {
  const deadline = AbortSignal.timeout((claim.timeoutMs ?? timeoutMs) + (options.patienceMs ?? 0))
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal])
  const overdue = Promise.withResolvers<Finding>()
  const giveUp = (): void => overdue.resolve(unknown('The probe came to no result in time'))
  signal.addEventListener('abort', giveUp)
  try {
    // A probe that ignores its signal is not awaited.
    return await options.lend(claim, signal, (means) =>
      Promise.race([runProbe(claim, means, options.policy, signal), overdue.promise]),
    )
  } catch (error) {
    return unknown(`The probe could not run: ${toSentence(error)}`)
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

async function runProbe(
  { probe: own }: VerifiedClaim,
  { target, inside, sink }: Means,
  policy: PosturePolicy,
  signal: AbortSignal,
): Promise<Finding> {
  if (own.kind === 'inside')
    return inside === null ? unknown('Only the deployment itself can tell') : own.run(inside, signal)
  if (target === null) return unknown('The run has no deployment to talk to')
  if (own.kind === 'outside') return own.run(target, signal, policy)
  return sink === null
    ? unknown('The run has no receiver that the deployment may reach')
    : own.run(target, sink, signal, policy)
}

function toSentence(error: unknown): string {
  return error instanceof Error ? error.message : 'it threw what is no error'
}
