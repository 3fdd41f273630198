import { mutate } from '@gatehouse/kernel/audit'
import { asGate, type GateTx } from '@gatehouse/kernel/db'
import type { Secret } from '@gatehouse/kernel/secrets'
import { endSession, rotateRefreshToken, type Session, setActiveOrg } from '@gatehouse/kernel/sessions'
import { queueMail } from '../../mail/index.ts'
import { sendSessionReuse } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { toReachable } from '../domain/to-reachable.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { listBelongings } from '../store/membership-store.ts'
import { signAccessToken, type Visit } from './open-member-session.ts'
import { publishSecurityIncident } from './publish-platform-event.ts'

export type TokenPair = { readonly accessToken: string; readonly refreshToken: Secret }

/**
 * Rotates the tokens for the one caller that uses a refresh token first (S3); the kernel judges the other callers (S4).
 */
export async function refreshSession(
  deps: PlatformDeps,
  token: string | undefined,
  visit: Visit,
): Promise<TokenPair> {
  if (token === undefined) throw refuse()
  const now = deps.clock.now()
  const { verdict, orgId } = await asGate(deps, async (tx) => {
    const rotation = await rotateRefreshToken(tx, token, policy.sessionPace, now)
    return {
      verdict: rotation,
      orgId: rotation.kind === 'rotated' ? await keepInAnOrg(tx, rotation.session, now) : undefined,
    }
  })
  switch (verdict.kind) {
    case 'rotated': {
      if (orgId === undefined) throw refuse()
      const accessToken = await signAccessToken(deps, verdict.session, orgId)
      return { accessToken, refreshToken: verdict.refreshToken }
    }
    case 'too_often':
      throw problems.RATE_LIMITED({
        detail: `This session was renewed too often. Try again in ${verdict.retryAfterSeconds} s`,
        retryAfterSeconds: verdict.retryAfterSeconds,
      })
    case 'superseded':
      throw problems.REFRESH_SUPERSEDED()
    case 'replayed':
      await reportReplay(deps, verdict, visit)
      throw refuse()
    case 'refused':
      throw refuse()
  }
}

function refuse(): Error {
  return problems.UNAUTHORIZED({ detail: 'The refresh token is not valid; log in again' })
}

/**
 * The org in which the session continues: the active one, or another in which it may act, if it may not act in that one
 * any more.
 */
async function keepInAnOrg(tx: GateTx, session: Session, nowMs: number): Promise<string | undefined> {
  const belongings = toReachable(await listBelongings(tx, session.userId), session.confinedTo)
  if (belongings.some(({ orgId }) => orgId === session.activeOrg)) return session.activeOrg
  const [next] = belongings
  if (next === undefined) await endSession(tx, session.userId, session.id, 'no_org', nowMs)
  else await setActiveOrg(tx, session.id, next.orgId)
  return next?.orgId
}

type Replay = { readonly userId: string; readonly sessionId: string; readonly orgId: string }

async function reportReplay(
  deps: PlatformDeps,
  { userId, sessionId, orgId }: Replay,
  { ip }: Visit,
): Promise<void> {
  await mutate(deps, { kind: 'system', orgId, because: 'refresh token replay' }, async (tx) => {
    const now = deps.clock.now()
    if (deps.mailer.isConfigured) await queueMail(tx, sendSessionReuse, { orgId, userId, ip, atMs: now })
    await publishSecurityIncident(tx, 'refresh_token_replayed', userId, now)
    return {
      result: undefined,
      entry: {
        action: 'session.replay',
        resourceId: sessionId,
        reason: 'replay',
        detail: { userId, ip },
        at: now,
      },
    }
  })
}
