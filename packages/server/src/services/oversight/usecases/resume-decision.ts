import { asGate, recordTelemetry, within } from '@gatehouse/kernel/db'
import { Otherwise, type RequestContext } from '@gatehouse/kernel/endpoint'
import type { SystemPrincipal } from '@gatehouse/kernel/principal'
import type { OversightDeps } from '../deps.ts'
import { isTokenAlive, lifeAt } from '../domain/decision-life.ts'
import { problems } from '../problems.ts'
import {
  claimFirstResume,
  findDecision,
  findDecisionOfToken,
  type StoredDecision,
} from '../store/decision-store.ts'
import { replyStart } from './reply-start.ts'
import { digestResumeToken } from './resume-token.ts'
import { toWireResolution } from './to-decision-reply.ts'

/**
 * Waits for the resolution of the decision that a resume token belongs to, without holding a database connection. An
 * unknown token is answered as not found and counts against the rate limit.
 */
export async function resumeDecision(
  deps: OversightDeps,
  { resume_token: token, wait_s: waitSeconds }: { resume_token: string; wait_s: number | null },
  context: RequestContext,
) {
  const opened = await asGate(deps, (tx) => findDecisionOfToken(tx, digestResumeToken(token)))
  if (opened === undefined) throw problems.NOT_FOUND()
  const holder: SystemPrincipal = { kind: 'system', orgId: opened.orgId, because: 'resume token' }
  const place = deps.waiters.join(opened.orgId, opened.id)
  try {
    const untilMs = deps.clock.monotonic() + (waitSeconds ?? 0) * 1_000
    for (let isFirstLook = true; ; isFirstLook = false) {
      const life = await look(deps, holder, opened.id)
      // The token is valid: the request that was charged in advance is refunded.
      if (isFirstLook) context.refund()
      const { state, resolution } = life
      if (resolution !== null && (state === 'resolved' || state === 'expired'))
        return {
          ...replyStart(deps, context),
          state,
          resolution: toWireResolution(resolution),
          first_resume: await recordTelemetry(deps, holder, (tx) =>
            claimFirstResume(tx, opened.id, deps.clock.now()),
          ),
        }
      const restMs = untilMs - deps.clock.monotonic()
      if (place === undefined || restMs <= 0) return new Otherwise(toPending(deps, life, context))
      // Waiters also see the expiry; timers can fire a millisecond early.
      const untilExpiryMs = Math.max(1, (life.expiresAtMs ?? Infinity) - deps.clock.now())
      const isOver = (await place.wait(Math.min(restMs, untilExpiryMs), context.signal)) === 'ended'
      if (isOver) return new Otherwise(toPending(deps, life, context))
    }
  } finally {
    place?.leave()
  }
}

/** The decision's current state; not found once its token has expired. */
async function look(deps: OversightDeps, holder: SystemPrincipal, id: string): Promise<StoredDecision> {
  const stored = await within(deps, holder, (tx) => findDecision(tx, id))
  if (stored === undefined) throw problems.NOT_FOUND()
  const nowMs = deps.clock.now()
  const life = lifeAt(stored, nowMs)
  if (!isTokenAlive(life, nowMs)) throw problems.NOT_FOUND()
  return life
}

function toPending(deps: OversightDeps, life: StoredDecision, context: RequestContext) {
  if (life.expiresAtMs === null) throw new Error('A decision that waits has no end')
  return {
    ...replyStart(deps, context),
    state: 'pending' as const,
    expires_at: new Date(life.expiresAtMs).toISOString(),
    assignee: life.assignee,
  }
}
