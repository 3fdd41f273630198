import type { Clock } from '@gatehouse/kernel/clock'
import { createEgress, noAllowance } from '@gatehouse/kernel/egress'
import type { VerifiedClaim } from './define-claim.ts'
import { createLentOrgs, type LentOrg } from './lent-orgs.ts'
import { openTarget, type TargetOptions } from './open-target.ts'
import type { PosturePolicy } from './posture-policy.ts'
import { type ProbeResult, runClaims, type RunOptions } from './run.ts'

export type TargetRun = Pick<RunOptions, 'onProgress' | 'onResult' | 'signal'> & {
  readonly claims: readonly VerifiedClaim[]
  readonly policy: PosturePolicy
  readonly clock: Clock
  /** Without a slash at its end. */
  readonly origin: string
  /** What whoever runs it lends: orgs of a test, in which the probes leave what they make. */
  readonly orgs: readonly LentOrg[]
  readonly waitMs: (ms: number, signal: AbortSignal) => Promise<void>
}

const requestsMax = 1_000
/** A probe waits for the window of a limit to end, twice at most, and once for those of its address. */
const patienceMs = 200_000

/**
 * Probes a deployment that gives HTTP alone: whatever needs its inside, or a receiver that it may reach, is unknown. All
 * probes share one address and the keys that were lent, whose limits are those of everybody: a refusal for pace is waited
 * out.
 */
export async function probeTarget({
  origin,
  orgs,
  waitMs,
  ...run
}: TargetRun): Promise<readonly ProbeResult[]> {
  const egress = createEgress({ allow: noAllowance })
  const lentOrgs = createLentOrgs(orgs, run.clock)
  let hasCalled = false
  const open = (signal: AbortSignal, requests: number, more: Pick<TargetOptions, 'orgs' | 'onCall'>) =>
    openTarget({
      origin,
      egress,
      signal,
      requestsMax: requests,
      nextAddress: () => undefined,
      waitMs,
      ...more,
    })
  const openForLogIns = (signal: AbortSignal) => open(signal, requestsMax, { orgs: [] })
  const { signal: interruption = new AbortController().signal } = run
  try {
    const lent = await lentOrgs.take(openForLogIns(interruption))
    return await runClaims({
      ...run,
      patienceMs,
      lend: async (claim, signal, work) => {
        // Its limits count strangers' calls for a window, and do not say when they are over.
        if (claim.needsFreshAddress === true && hasCalled)
          await waitMs(run.policy.oversight.gate.beforeProof.windowSeconds * 1000, signal)
        const target = open(signal, claim.requestsMax ?? requestsMax, {
          orgs: lent.length === 0 ? [] : await lentOrgs.take(openForLogIns(signal)),
          onCall: () => {
            hasCalled = true
          },
        })
        return work({ target, inside: null, sink: null })
      },
    })
  } finally {
    await lentOrgs.logOut(openForLogIns(interruption)).catch(() => undefined)
    egress.close()
  }
}
