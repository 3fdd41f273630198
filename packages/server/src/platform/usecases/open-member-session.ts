import type { AuditedTx, Decision } from '@gatehouse/kernel/audit'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { MemberPrincipal, Role } from '@gatehouse/kernel/principal'
import { openSession, type Session } from '@gatehouse/kernel/sessions'
import type { Secret } from '@gatehouse/kernel/secrets'
import type { PlatformDeps } from '../deps.ts'

/** Where a request came from, as far as a session remembers it. */
export type Visit = Pick<RequestContext, 'ip' | 'userAgent'>

export type SignedIn = {
  readonly user: {
    readonly id: string
    readonly email: string
    readonly name: string
    readonly teamId: string
    readonly role: Role
  }
  readonly accessToken: string
  readonly refreshToken: Secret
}

/** A person at the door: proven, and about to get a session. */
export function arriving(userId: string, orgId: string, role: Role, { ip }: Visit): MemberPrincipal {
  return { kind: 'member', userId, orgId, role, ip, sessionId: '' }
}

/** Opens a session in the transaction that decided it, and says so in the chain. */
export async function openMemberSession(
  tx: AuditedTx,
  userId: string,
  { ip, userAgent }: Visit,
  nowMs: number,
): Promise<{ readonly session: Session; readonly refreshToken: Secret; readonly entry: Decision }> {
  const { session, refreshToken } = await openSession(tx, { userId, orgId: tx.orgId, userAgent, ip }, nowMs)
  const entry = { action: 'session.open', resourceId: session.id, at: nowMs }
  return { session, refreshToken, entry }
}

export function signAccessToken(
  { tokens, clock }: Pick<PlatformDeps, 'clock' | 'tokens'>,
  session: Pick<Session, 'id' | 'userId'>,
  orgId: string,
): Promise<string> {
  const issuedAtMs = clock.now()
  const tokenId = newId(issuedAtMs)
  return tokens.sign({ userId: session.userId, orgId, sessionId: session.id, tokenId, issuedAtMs })
}
