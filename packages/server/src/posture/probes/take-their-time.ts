import { fails, type Finding, holds } from '../finding.ts'
import type { PosturePolicy } from '../posture-policy.ts'
import type { ProbeCall, Target } from '../target.ts'
import { assertSeen, firstOrg, keyOf, lightPaths, show } from './ask.ts'
import { credentialsThatFail } from './credentials-that-fail.ts'

/** The promise of the oversight service's page since its first version: a lower floor would break it. */
const floorMsLeast = 80
/** The number of calls that one address may make within a minute before they fail for another reason. */
const trialsPerCause = 9
/** The value of Welch's t beyond which two causes can be told apart with some certainty (ISO/IEC 17825). */
const apartFrom = 4.5

/** Checks that no refusal is sent before the floor: in every service, and for successes too in oversight. */
export async function neverLeaveEarly(
  target: Target,
  _signal: AbortSignal,
  policy: PosturePolicy,
): Promise<Finding> {
  const org = firstOrg(target)
  const quickest: Partial<Record<'uptimeMs' | 'oversightMs' | 'volatilityMs', number>> = {}
  for (const service of ['uptime', 'oversight', 'volatility'] as const) {
    const calls = Object.values(await credentialsThatFail(target, org, service, policy)).map((toCall) =>
      toCall(),
    )
    const path = lightPaths[service]
    const isHeldToo = policy[service].gate.floorOn === 'all'
    for (const call of [...calls, ...(isHeldToo ? [show(service, keyOf(org, service))] : [])]) {
      const answer = await target.send(path, call)
      assertSeen(answer, path)
      quickest[`${service}Ms`] = Math.min(
        quickest[`${service}Ms`] ?? Infinity,
        Math.floor(answer.tookMs * 10) / 10,
      )
    }
  }
  const figures = { ...quickest, floorMs: floorMsLeast }
  const early = Object.entries(quickest).find(([, ms]) => ms < floorMsLeast)
  return early === undefined
    ? holds(figures)
    : fails(`An answer of the gate left after ${early[1]} ms, before ${floorMsLeast} ms had passed`, figures)
}

/**
 * Makes interleaved trials of each cause, and compares the two that differ most. A first suspicion is tested once more,
 * from another address: chance does not separate the same two twice.
 */
export async function takeAsLong(
  target: Target,
  signal: AbortSignal,
  policy: PosturePolicy,
): Promise<Finding> {
  const calls = Object.entries(await credentialsThatFail(target, firstOrg(target), 'oversight', policy))
  const { limit } = policy.oversight.gate.beforeProof
  const first = findFurthestApart(await sample(target, calls, limit, signal))
  const figures = { trialsPerCause, causes: calls.length + 1, largestT: rounded(first.t), apartFrom }
  if (first.t < apartFrom) return holds(figures)
  const again = await sample(target.fromElsewhere(), calls, limit, signal)
  const t = Math.abs(welch(again.get(first.left) ?? [], again.get(first.right) ?? []))
  if (t < apartFrom) return holds({ ...figures, largestTAgain: rounded(t) })
  return fails(`The time of an answer tells ${first.left} and ${first.right} apart`, {
    ...figures,
    largestTAgain: rounded(t),
  })
}

type Samples = ReadonlyMap<string, readonly number[]>

async function sample(
  target: Target,
  calls: readonly (readonly [cause: string, toCall: () => ProbeCall])[],
  limit: number,
  signal: AbortSignal,
): Promise<Samples> {
  const samples = new Map<string, number[]>(calls.map(([cause]) => [cause, []]))
  const ask = async (call: ProbeCall): Promise<number> => {
    signal.throwIfAborted()
    return (await target.send(lightPaths.oversight, call)).tookMs
  }
  for (let trial = 0; trial < trialsPerCause; trial += 1)
    for (const [cause, toCall] of calls) samples.get(cause)?.push(await ask(toCall()))
  // Further calls exceed the limit of unauthenticated calls, which is one more cause that must not be distinguishable.
  for (let sent = trialsPerCause * calls.length; sent < limit; sent += 1) await ask({})
  const overLimit: number[] = []
  while (overLimit.length < trialsPerCause) overLimit.push(await ask({}))
  return samples.set('over the limit', overLimit)
}

function rounded(t: number): number {
  return Math.round(t * 100) / 100
}

function findFurthestApart(samples: Samples): {
  readonly t: number
  readonly left: string
  readonly right: string
} {
  let furthest = { t: 0, left: '', right: '' }
  const all = [...samples]
  for (const [at, [left, leftMs]] of all.entries())
    for (const [right, rightMs] of all.slice(at + 1)) {
      const t = Math.abs(welch(leftMs, rightMs))
      if (t > furthest.t) furthest = { t, left, right }
    }
  return furthest
}

/** Welch's t: the distance of two means, in units of what chance alone would cause. */
function welch(left: readonly number[], right: readonly number[]): number {
  const spread = Math.sqrt(varianceOf(left) / left.length + varianceOf(right) / right.length)
  const distance = meanOf(left) - meanOf(right)
  return spread === 0 ? (distance === 0 ? 0 : Infinity) : distance / spread
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values)
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
}
