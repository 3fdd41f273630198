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
 * Waits for the resolution of the one decision that a token opens, without a connection of the database. Whoever guesses
 * is answered as if there were nothing, and has paid for it.
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
      // The token is right: what was charged before that was known is given back.
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
      // At its end a decision is expired for whoever waits, too; a timer may be early by a millisecond.
      const untilExpiryMs = Math.max(1, (life.expiresAtMs ?? Infinity) - deps.clock.now())
      const isOver = (await place.wait(Math.min(restMs, untilExpiryMs), context.signal)) === 'ended'
      if (isOver) return new Otherwise(toPending(deps, life, context))
    }
  } finally {
    place?.leave()
  }
}

/** The decision as it is now; past the life of its token it is not there. */
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
