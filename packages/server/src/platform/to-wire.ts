import type { Invitation } from './domain/invitation.ts'
import type { Belonging, Member } from './domain/member.ts'
import type { Org } from './domain/org.ts'
import type { Me } from './usecases/get-me.ts'
import type { Invited } from './usecases/invite.ts'

export function toWireTime(ms: number): string {
  return new Date(ms).toISOString()
}

export function toWireTeam({ orgId, name, role, plan }: Belonging) {
  return { id: orgId, name, role, plan }
}

export function toWireSettings(org: Org) {
  return {
    id: org.id,
    name: org.name,
    slug: org.slug,
    plan: org.plan,
    allowedOrigins: [...org.allowedOrigins],
    createdAt: toWireTime(org.createdAtMs),
    updatedAt: toWireTime(org.updatedAtMs),
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
  const { id, email, name, emailVerifiedAtMs, language, timeZone, createdAtMs } = person
  return {
    id,
    email,
    name,
    emailVerifiedAt: emailVerifiedAtMs === null ? null : toWireTime(emailVerifiedAtMs),
    language,
    timeZone,
    createdAt: toWireTime(createdAtMs),
  }
}
