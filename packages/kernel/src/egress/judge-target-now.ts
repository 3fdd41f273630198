import { EgressError } from './egress-error.ts'
import type { EgressPolicy } from './egress-policy.ts'
import { judgeTarget, refuseAddress, type TargetInput, type TargetVerdict } from './judge-target.ts'
import { startRequest, type EgressDeps } from './open-connection.ts'
import { resolveTarget } from './resolve-target.ts'

/** How long a user who saves a target waits for a name that does not answer (E9). */
const lookUpMsMax = 3_000

/**
 * `judgeTarget`, and for a name also what it resolves to now, so that a user learns of a forbidden target while saving
 * it. A name that does not resolve yet is accepted: it is judged again at every dial.
 */
export async function judgeTargetNow(
  deps: EgressDeps,
  input: TargetInput,
  policy: EgressPolicy,
  signal?: AbortSignal,
): Promise<TargetVerdict> {
  const verdict = judgeTarget(input, policy, deps.allow)
  if (!verdict.accepted || verdict.target.literal) return verdict
  const attempt = startRequest(deps, { policy, signal, timeoutMs: lookUpMsMax })
  try {
    const { allow, org } = deps
    await resolveTarget(deps.resolve, attempt, verdict.target, { policy, allow, fresh: false, org })
    return verdict
  } catch (error) {
    if (!(error instanceof EgressError)) throw error
    if (error.code !== 'target_forbidden') return verdict
    return refuseAddress(
      'This name leads to an address that is not on the public internet and may not be used.',
    )
  } finally {
    attempt.release()
  }
}
