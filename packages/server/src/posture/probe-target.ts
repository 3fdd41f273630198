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
  /** Without a trailing slash. */
  readonly origin: string
  /** Test orgs supplied by whoever runs the probes, which leave their data in them. */
  readonly orgs: readonly LentOrg[]
  readonly waitMs: (ms: number, signal: AbortSignal) => Promise<void>
}

const requestsMax = 1_000
/** How long a probe waits for limits: for the window of a limit at most twice, and once for those of its address. */
const patienceMs = 200_000

/**
 * Probes a deployment over HTTP alone: a claim that needs access to its inside, or a sink that it may reach, is
 * unknown. All probes share one address and the supplied keys, whose limits are the usual ones: a 429 is waited out.
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
        // The limits of an address count calls without credentials for a window, and do not say when it is over.
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
