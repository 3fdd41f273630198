import type { AuditedTx, Decision } from '@gatehouse/kernel/audit'
import type { RequestContext } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { MemberPrincipal, Role } from '@gatehouse/kernel/principal'
import { openSession, type Session } from '@gatehouse/kernel/sessions'
import type { Secret } from '@gatehouse/kernel/secrets'
import { queueMail } from '../../mail/index.ts'
import { sendNewDevice } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import type { Device } from '../domain/device.ts'
import type { Preferences } from '../domain/preferences.ts'
import { toDevice } from './to-device.ts'
import { policy } from '../policy.ts'
import { beginSessions, seeDevice } from '../store/known-device-store.ts'

/** The origin of a request, as far as a session stores it. */
export type Visit = Pick<RequestContext, 'ip' | 'userAgent'>

export type SignedIn = {
  readonly user: {
    readonly id: string
    readonly email: string
    readonly name: string
    readonly preferences: Preferences
    readonly teamId: string
    readonly role: Role
  }
  readonly accessToken: string
  readonly refreshToken: Secret
}

/** A user who has passed all factors; the session is not created yet, so its id is empty. */
export function arriving(userId: string, orgId: string, role: Role, { ip }: Visit): MemberPrincipal {
  return { kind: 'member', userId, orgId, role, ip, sessionId: '' }
}

export type OpenedMemberSession = {
  readonly session: Session
  readonly refreshToken: Secret
  readonly entry: Decision
  /** An additional decision for the chain: that the session came from a new device. */
  readonly noticed: readonly Decision[]
}

/** Opens a session in the caller's transaction, and notifies the person when it comes from a new device. */
export async function openMemberSession(
  deps: Pick<PlatformDeps, 'mailer'>,
  tx: AuditedTx,
  userId: string,
  visit: Visit,
  nowMs: number,
  { isConfined = false }: { readonly isConfined?: boolean } = {},
): Promise<OpenedMemberSession> {
  const { ip, userAgent } = visit
  const start = { userId, orgId: tx.orgId, userAgent, ip, isConfined }
  const { session, refreshToken } = await openSession(tx, start, nowMs)
  const entry = { action: 'session.open', resourceId: session.id, at: nowMs }
  const device = await noticeDevice(tx, userId, visit, nowMs)
  if (device === undefined) return { session, refreshToken, entry, noticed: [] }
  const { browser, system, network } = device
  if (deps.mailer.isConfigured)
    await queueMail(tx, sendNewDevice, { orgId: tx.orgId, userId, browser, system, ip, atMs: nowMs })
  const detail = { browser, system, network }
  const noticed = [{ action: 'session.new_device', resourceId: session.id, detail, at: nowMs }]
  return { session, refreshToken, entry, noticed }
}

/** The device, if the person has had sessions before and none of the last months came from it; undefined otherwise. */
async function noticeDevice(
  tx: AuditedTx,
  userId: string,
  { ip, userAgent }: Visit,
  nowMs: number,
): Promise<Device | undefined> {
  const device = toDevice(userAgent, ip)
  const isNew = await seeDevice(tx, userId, device, nowMs - policy.knownDeviceDays * 86_400_000, nowMs)
  const isFirst = await beginSessions(tx, userId, nowMs)
  return isNew && !isFirst ? device : undefined
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
