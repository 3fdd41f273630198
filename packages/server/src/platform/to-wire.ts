import type { RequestContext } from '@gatehouse/kernel/endpoint'
import type { KeyRecord, MintedKey } from '@gatehouse/kernel/keys'
import type { Session } from '@gatehouse/kernel/sessions'
import type { WireAdministeredOrg } from './contract/admin.ts'
import type { WireApiKey } from './contract/keys.ts'
import type { AdministeredOrg } from './domain/administered-org.ts'
import type { Factor } from './domain/factor.ts'
import type { Invitation } from './domain/invitation.ts'
import type { Belonging, Member } from './domain/member.ts'
import type { Org } from './domain/org.ts'
import { handOver, keepsCookie } from './session-cookie.ts'
import type { Me } from './usecases/get-me.ts'
import type { Invited } from './usecases/invite.ts'
import type { SignedIn } from './usecases/open-member-session.ts'
import type { HalfSignedIn } from './usecases/verify-mfa.ts'

export function toWireTime(ms: number): string {
  return new Date(ms).toISOString()
}

function toWireTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : toWireTime(ms)
}

export function toWireTeam({ orgId, name, role, plan, deletionScheduledAtMs }: Belonging) {
  return { id: orgId, name, role, plan, deletionScheduledAt: toWireTimeOrNull(deletionScheduledAtMs) }
}

export function toWireSettings(org: Org) {
  return {
    id: org.id,
    name: org.name,
    slug: org.slug,
    plan: org.plan,
    allowedOrigins: [...org.allowedOrigins],
    deletionScheduledAt: toWireTimeOrNull(org.deletionScheduledAtMs),
    createdAt: toWireTime(org.createdAtMs),
    updatedAt: toWireTime(org.updatedAtMs),
  }
}

export function toWireAdministeredOrg(org: AdministeredOrg): WireAdministeredOrg {
  return {
    id: org.id,
    name: org.name,
    slug: org.slug,
    plan: org.plan,
    suspendedAt: org.suspendedAtMs === null ? null : toWireTime(org.suspendedAtMs),
    suspendedBecause: org.suspendedBecause,
    deletionScheduledAt: org.deletionScheduledAtMs === null ? null : toWireTime(org.deletionScheduledAtMs),
    members: org.members,
    apiKeys: org.liveKeys,
    createdAt: toWireTime(org.createdAtMs),
  }
}

export function toWireMember({ userId, email, name, role, joinedAtMs }: Member) {
  return { userId, email, name, role, joinedAt: toWireTime(joinedAtMs) }
}

export function toWireInvitation({ id, email, role, expiresAtMs, createdAtMs }: Invitation) {
  return { id, email, role, expiresAt: toWireTime(expiresAtMs), createdAt: toWireTime(createdAtMs) }
}

export function toWireInvited({ invitation, token, emailSent }: Invited) {
  const { id, email, role, expiresAtMs } = invitation
  return { id, token, email, role, expiresAt: toWireTime(expiresAtMs), emailSent }
}

export function toWirePerson({ person }: Me) {
  const { id, email, name, emailVerifiedAtMs, language, timeZone, deletionScheduledAtMs, createdAtMs } =
    person
  return {
    id,
    email,
    name,
    emailVerifiedAt: emailVerifiedAtMs === null ? null : toWireTime(emailVerifiedAtMs),
    language,
    timeZone,
    deletionScheduledAt: deletionScheduledAtMs === null ? null : toWireTime(deletionScheduledAtMs),
    createdAt: toWireTime(createdAtMs),
  }
}

export function toWireKey(key: KeyRecord): WireApiKey {
  return {
    id: key.id,
    name: key.name,
    service: key.service,
    mode: key.testOrgId === null ? 'live' : 'test',
    keyPrefix: key.prefix,
    scopes: [...key.scopes],
    type: key.kind,
    expiresAt: key.expiresAtMs === null ? null : toWireTime(key.expiresAtMs),
    ipAllow: [...key.ipAllow],
    rateLimit: key.requestsPerWindow,
    createdBy: key.createdBy,
    lastUsedAt: key.lastUsedAtMs === null ? null : toWireTime(key.lastUsedAtMs),
    createdAt: toWireTime(key.createdAtMs),
  }
}

/** For the one reply that shows the key. */
export function toWireNewKey({ secret, record }: MintedKey): WireApiKey & { key: string } {
  return { ...toWireKey(record), key: secret.reveal() }
}

export function toWireFactor({ id, kind, name, createdAtMs, lastUsedAtMs }: Factor) {
  return {
    id,
    type: kind,
    name,
    createdAt: toWireTime(createdAtMs),
    lastUsedAt: lastUsedAtMs === null ? null : toWireTime(lastUsedAtMs),
  }
}

export function toWireSession(session: Session, currentId: string) {
  return {
    id: session.id,
    userAgent: session.userAgent,
    ipAddress: session.ip,
    createdAt: toWireTime(session.createdAtMs),
    lastUsedAt: toWireTime(session.lastUsedAtMs),
    current: session.id === currentId,
  }
}

/** For the replies that hand a session to the person who has just proven themselves. */
/** With the refresh token in the body, or in the cookie of a browser that keeps it there. */
export function toWireSignedIn(
  { user, accessToken, refreshToken }: SignedIn,
  context: Pick<RequestContext, 'header'>,
) {
  return handOver({ user, accessToken }, refreshToken, keepsCookie(context))
}

/** The same, unless a second factor is owed first. */
export function toWireLoggedIn(loggedIn: SignedIn | HalfSignedIn, context: Pick<RequestContext, 'header'>) {
  return 'mfaRequired' in loggedIn ? loggedIn : toWireSignedIn(loggedIn, context)
}
