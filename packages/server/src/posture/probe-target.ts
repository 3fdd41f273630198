import type { Clock } from '@gatehouse/kernel/clock'
import { createEgress, noAllowance } from '@gatehouse/kernel/egress'
import type { VerifiedClaim } from './define-claim.ts'
import { openTarget } from './open-target.ts'
import type { PosturePolicy } from './posture-policy.ts'
import { type ProbeResult, runClaims, type RunOptions } from './run.ts'
import type { ProbeOrg } from './target.ts'

export type TargetRun = Pick<RunOptions, 'onProgress' | 'onResult' | 'signal'> & {
  readonly claims: readonly VerifiedClaim[]
  readonly policy: PosturePolicy
  readonly clock: Clock
  /** Without a slash at its end. */
  readonly origin: string
  /** What whoever runs it lends: orgs of a test, which stay as they are. */
  readonly orgs: readonly ProbeOrg[]
}

const requestsMax = 1_000

/** Probes a deployment that gives HTTP alone: whatever needs its inside, or a receiver that it may reach, is unknown. */
export async function probeTarget({ origin, orgs, ...run }: TargetRun): Promise<readonly ProbeResult[]> {
  const egress = createEgress({ allow: noAllowance })
  try {
    return await runClaims({
      ...run,
      lend: (claim, signal, work) => {
        const requests = claim.requestsMax ?? requestsMax
        const nextAddress = (): undefined => undefined
        const target = openTarget({ origin, egress, orgs, signal, requestsMax: requests, nextAddress })
        return work({ target, inside: null, sink: null })
      },
    })
  } finally {
    egress.close()
  }
}
