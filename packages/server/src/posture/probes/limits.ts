import { fails, type Finding, holds, unknown } from '../finding.ts'
import type { PosturePolicy } from '../posture-policy.ts'
import type { Target } from '../target.ts'

export async function exceedSignInLimit(
  target: Target,
  _signal: AbortSignal,
  { platform }: PosturePolicy,
): Promise<Finding> {
  const rule = platform.publicLimits['auth']
  if (rule === undefined) return unknown('The policy names no limit of the log-in')
  // The limit is charged before anything is read, and what is no log-in leaves no count of guesses behind.
  const body = {}
  const { send } = target.fromElsewhere()
  let admitted = 0
  while (admitted <= rule.limit) {
    const { status, headers } = await send('/auth/login', { body })
    if (status === 429) {
      const retryAfterSeconds = Number(headers.get('retry-after'))
      return holds({ admitted, limit: rule.limit, retryAfterSeconds })
    }
    admitted += 1
  }
  return fails(`${admitted} requests were admitted, and ${rule.limit} should have been`, { admitted })
}
