import { createHash, randomBytes } from 'node:crypto'
import type { AuditedTx } from '../audit/index.ts'
import type { GateTx } from '../db/index.ts'
import { newId } from '../ids/index.ts'
import { Secret } from '../secrets/index.ts'
import {
  endSession,
  exchangeToken,
  findEarliestOfLast,
  findToken,
  insertRefreshToken,
  insertSession,
  type Session,
} from './store/session-store.ts'

/** A refresh token lives this long, anew with every rotation (S3). */
export const refreshTokenMs = 7 * 24 * 60 * 60 * 1000

/** A token seen again within this time of its use lost a race; later it was stolen, or its thief came first (S4). */
export const raceMs = 10_000

export type SessionStart = {
  readonly userId: string
  readonly orgId: string
  readonly userAgent: string | undefined
  readonly ip: string
  /** Where the org's issuer vouches for the person: the session holds there and nowhere else. */
  readonly isConfined?: boolean
}

export type OpenedSession = { readonly session: Session; readonly refreshToken: Secret }

export async function openSession(
  tx: GateTx | AuditedTx,
  start: SessionStart,
  nowMs: number,
): Promise<OpenedSession> {
  const session: Session = {
    id: newId(nowMs),
    userId: start.userId,
    activeOrg: start.orgId,
    userAgent: start.userAgent?.slice(0, 400) ?? null,
    ip: start.ip,
    createdAtMs: nowMs,
    lastUsedAtMs: nowMs,
    confinedTo: start.isConfined === true ? start.orgId : null,
  }
  const token = newToken()
  await insertSession(tx, session, nowMs + refreshTokenMs)
  const digest = digestToken(token.reveal())
  await insertRefreshToken(tx, {
    digest,
    sessionId: session.id,
    issuedAtMs: nowMs,
    expiresAtMs: nowMs + refreshTokenMs,
  })
  return { session, refreshToken: token }
}

export type RotationVerdict =
  | ({ readonly kind: 'rotated' } & OpenedSession)
  /** The session was renewed as often as it may be: the token stays good, for later. */
  | { readonly kind: 'too_often'; readonly retryAfterSeconds: number }
  /** Used a moment ago by someone else of the family: no log-out, but no token either. */
  | { readonly kind: 'superseded' }
  /** Used long ago: the family has been ended, and its member should hear of it. */
  | { readonly kind: 'replayed'; readonly userId: string; readonly sessionId: string; readonly orgId: string }
  | { readonly kind: 'refused'; readonly reason: 'unknown' | 'expired' | 'ended' }

/** How often one session may be renewed, wherever its requests come from. */
export type RotationPace = { readonly max: number; readonly windowSeconds: number }

export async function rotateRefreshToken(
  tx: GateTx,
  text: string,
  pace: RotationPace,
  nowMs: number,
): Promise<RotationVerdict> {
  const digest = digestToken(text)
  const earliestMs = await findEarliestOfLast(tx, digest, pace.max)
  const freeAtMs = (earliestMs ?? Number.NEGATIVE_INFINITY) + pace.windowSeconds * 1_000
  if (freeAtMs > nowMs) return { kind: 'too_often', retryAfterSeconds: Math.ceil((freeAtMs - nowMs) / 1_000) }
  const successor = newToken()
  const session = await exchangeToken(
    tx,
    digest,
    digestToken(successor.reveal()),
    nowMs,
    nowMs + refreshTokenMs,
  )
  if (session !== undefined) return { kind: 'rotated', session, refreshToken: successor }
  const token = await findToken(tx, digest)
  if (token === undefined) return { kind: 'refused', reason: 'unknown' }
  if (token.isSessionEnded) return { kind: 'refused', reason: 'ended' }
  if (token.usedAtMs === null) return { kind: 'refused', reason: 'expired' }
  if (nowMs - token.usedAtMs <= raceMs) return { kind: 'superseded' }
  const { userId, sessionId, activeOrg: orgId } = token
  await endSession(tx, userId, sessionId, 'replay', nowMs)
  return { kind: 'replayed', userId, sessionId, orgId }
}

function newToken(): Secret {
  return new Secret(randomBytes(32).toString('base64url'))
}

function digestToken(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}
