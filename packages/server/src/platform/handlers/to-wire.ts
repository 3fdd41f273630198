import { type RequestContext, showEmail } from '@gatehouse/kernel/endpoint'
import type { KeyRecord, MintedKey } from '@gatehouse/kernel/keys'
import type { Session } from '@gatehouse/kernel/sessions'
import { toTime, toTimeOrNull } from '../../service/shapes.ts'
import type { WireAdministeredOrg } from '../contract/admin.ts'
import type { WireApiKey } from '../contract/keys.ts'
import type { KeyedService } from '../deps.ts'
import type { AdministeredOrg } from '../domain/administered-org.ts'
import { expandScopes } from '../domain/expand-scopes.ts'
import type { Factor } from '../domain/factor.ts'
import type { Invitation } from '../domain/invitation.ts'
import type { Belonging, Member } from '../domain/member.ts'
import type { Org } from '../domain/org.ts'
import { handOver, keepsCookie } from './session-cookie.ts'
import type { Me } from '../usecases/get-me.ts'
import type { ResetLink } from '../usecases/create-reset-link.ts'
import type { Invited } from '../usecases/invite.ts'
import type { SignedIn } from '../usecases/open-member-session.ts'
import { known, toDevice } from '../usecases/to-device.ts'
import type { HalfSignedIn } from '../usecases/verify-mfa.ts'

export function toWireTeam({ orgId, name, role, plan, deletionScheduledAtMs, needsIssuer }: Belonging) {
  return {
    id: orgId,
    name,
    role,
    plan,
    deletionScheduledAt: toTimeOrNull(deletionScheduledAtMs),
    needsSingleSignOn: needsIssuer,
  }
}

export function toWireSettings(org: Org) {
  return {
    id: org.id,
    name: org.name,
    slug: org.slug,
    plan: org.plan,
    allowedOrigins: [...org.allowedOrigins],
    deletionScheduledAt: toTimeOrNull(org.deletionScheduledAtMs),
    createdAt: toTime(org.createdAtMs),
    updatedAt: toTime(org.updatedAtMs),
  }
}

export function toWireAdministeredOrg(org: AdministeredOrg): WireAdministeredOrg {
  return {
    id: org.id,
    name: org.name,
    slug: org.slug,
    plan: org.plan,
    suspendedAt: org.suspendedAtMs === null ? null : toTime(org.suspendedAtMs),
    suspendedBecause: org.suspendedBecause,
    deletionScheduledAt: org.deletionScheduledAtMs === null ? null : toTime(org.deletionScheduledAtMs),
    members: org.members,
    apiKeys: org.liveKeys,
    createdAt: toTime(org.createdAtMs),
  }
}

export function toWireMember({ userId, email, name, role, joinedAtMs }: Member) {
  return { userId, email, shownEmail: showEmail(email), name, role, joinedAt: toTime(joinedAtMs) }
}

export function toWireInvitation({ id, email, role, expiresAtMs, createdAtMs }: Invitation) {
  return {
    id,
    email,
    shownEmail: showEmailOrNull(email),
    role,
    expiresAt: toTime(expiresAtMs),
    createdAt: toTime(createdAtMs),
  }
}

export function toWireInvited({ invitation, token, emailSent }: Invited) {
  const { id, email, role, expiresAtMs } = invitation
  const shownEmail = showEmailOrNull(email)
  return { id, token, email, shownEmail, role, expiresAt: toTime(expiresAtMs), emailSent }
}

function showEmailOrNull(email: string | null): string | null {
  return email === null ? null : showEmail(email)
}

export function toWirePerson({ person }: Me) {
  const { id, email, name, emailVerifiedAtMs, preferences, deletionScheduledAtMs, createdAtMs } = person
  return {
    id,
    email,
    shownEmail: showEmail(email),
    name,
    emailVerifiedAt: emailVerifiedAtMs === null ? null : toTime(emailVerifiedAtMs),
    ...preferences,
    deletionScheduledAt: deletionScheduledAtMs === null ? null : toTime(deletionScheduledAtMs),
    createdAt: toTime(createdAtMs),
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
    expiresAt: key.expiresAtMs === null ? null : toTime(key.expiresAtMs),
    ipAllow: [...key.ipAllow],
    rateLimit: key.requestsPerWindow,
    createdBy: key.createdBy,
    lastUsedAt: key.lastUsedAtMs === null ? null : toTime(key.lastUsedAtMs),
    createdAt: toTime(key.createdAtMs),
  }
}

/** The wire form of a new key, for the only reply that shows it. */
export function toWireNewKey({ secret, record }: MintedKey): WireApiKey & { key: string } {
  return { ...toWireKey(record), key: secret.reveal() }
}

export function toWireFactor({ id, kind, name, createdAtMs, lastUsedAtMs }: Factor) {
  return {
    id,
    type: kind,
    name,
    createdAt: toTime(createdAtMs),
    lastUsedAt: lastUsedAtMs === null ? null : toTime(lastUsedAtMs),
  }
}

export function toWireSession(session: Session, currentId: string) {
  return {
    id: session.id,
    userAgent: session.userAgent,
    device: toWireDevice(session),
    ipAddress: session.ip,
    createdAt: toTime(session.createdAtMs),
    lastUsedAt: toTime(session.lastUsedAtMs),
    current: session.id === currentId,
  }
}

function toWireDevice({ userAgent, ip }: Session) {
  const { browser, system } = toDevice(userAgent ?? undefined, ip)
  return { browser: known(browser), system: known(system) }
}

/** The reply to a log-in, with the refresh token in the body, or in a cookie if the client asked for one. */
export function toWireSignedIn(
  { user, accessToken, refreshToken }: SignedIn,
  context: Pick<RequestContext, 'header'>,
) {
  const { preferences, ...rest } = user
  const shown = { ...rest, ...preferences, shownEmail: showEmail(user.email) }
  return handOver({ user: shown, accessToken }, refreshToken, keepsCookie(context))
}

/** The reply to a log-in, or the request for a second factor if one is required. */
export function toWireLoggedIn(loggedIn: SignedIn | HalfSignedIn, context: Pick<RequestContext, 'header'>) {
  return 'mfaRequired' in loggedIn ? loggedIn : toWireSignedIn(loggedIn, context)
}

const [liveOnly, liveAndTest] = [['live'] as const, ['live', 'test'] as const]

/** The wire form of a service's keys. The default scopes are listed in full, without shorthands. */
export function toWireKeyService([name, service]: readonly [string, KeyedService]) {
  const { title, scopes, defaultScopes, keyShape } = service
  const byDefault = expandScopes(defaultScopes, scopes)
  if (!byDefault.known) throw new Error(`${name} has no scope called ${byDefault.unknown.join(', ')}`)
  return {
    name,
    title,
    scopes: [...scopes],
    defaultScopes: [...byDefault.scopes],
    modes: [...(keyShape.testPrefix === undefined ? liveOnly : liveAndTest)],
  }
}

export function toWireResetLink({ url, expiresAtMs }: ResetLink) {
  return { url, expiresAt: toTime(expiresAtMs) }
}
