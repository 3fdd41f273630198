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

/** The lifetime of a refresh token, which starts anew with every rotation (S3). */
export const refreshTokenMs = 7 * 24 * 60 * 60 * 1000

/**
 * A token that is used twice within this time lost a race; used again later, it was stolen, or the thief used it first
 * (S4).
 */
export const raceMs = 10_000

export type SessionStart = {
  readonly userId: string
  readonly orgId: string
  readonly userAgent: string | undefined
  readonly ip: string
  /** True when the org's issuer vouches for the person: the session is valid in that org only. */
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
  /** The session was renewed too often for now: the token stays valid for a later try. */
  | { readonly kind: 'too_often'; readonly retryAfterSeconds: number }
  /** The token was used a moment ago, in a race: the session continues, but this caller gets no token. */
  | { readonly kind: 'superseded' }
  /** The token was used long ago: the session has been ended, and its member should be notified. */
  | { readonly kind: 'replayed'; readonly userId: string; readonly sessionId: string; readonly orgId: string }
  | { readonly kind: 'refused'; readonly reason: 'unknown' | 'expired' | 'ended' }

/** How often one session may be renewed, from whatever addresses. */
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
