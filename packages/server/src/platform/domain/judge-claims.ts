import type { Role } from '@gatehouse/kernel/principal'
import type { Connection, RoleRules } from './single-sign-on.ts'

/** What an issuer says of a person, as it came. */
export type Claims = Readonly<Record<string, unknown>>

/** Somebody whom an issuer vouches for, and what they may be in its org. */
export type Arrival = {
  readonly orgId: string
  readonly issuer: string
  readonly subject: string
  /** The session at the issuer, where it names one. */
  readonly sid: string | null
  /** In lower case, of a proven domain. */
  readonly email: string
  readonly name: string
  readonly role: Role
}

export type ClaimsRefusal =
  | 'subject_missing'
  | 'email_missing'
  | 'email_unverified'
  | 'email_foreign'
  | 'groups_missing'
  | 'no_role'

export type ClaimsVerdict =
  | { readonly accepted: true; readonly arrival: Arrival }
  | { readonly accepted: false; readonly reason: ClaimsRefusal; readonly subject?: string }

/** OpenID Connect Core §2: at most so many ASCII characters. */
const subjectMax = 255
const sidMax = 255
const groupsMax = 1_000

/**
 * An issuer vouches for addresses of the domains that its org has proven, once it has verified them itself, and for no
 * others. `readEmail` is the one reading of an address.
 */
export function judgeClaims(
  claims: Claims,
  connection: Pick<Connection, 'orgId' | 'issuer' | 'domains'> & RoleRules,
  readEmail: (text: string) => string | undefined,
): ClaimsVerdict {
  const { sub, sid } = claims
  if (typeof sub !== 'string' || sub === '' || sub.length > subjectMax)
    return { accepted: false, reason: 'subject_missing' }
  const email = typeof claims['email'] === 'string' ? readEmail(claims['email'])?.toLowerCase() : undefined
  if (email === undefined) return { accepted: false, reason: 'email_missing', subject: sub }
  // Some issuers write the boolean as text.
  const isVerified = claims['email_verified'] === true || claims['email_verified'] === 'true'
  if (!isVerified) return { accepted: false, reason: 'email_unverified', subject: sub }
  if (!connection.domains.includes(email.slice(email.lastIndexOf('@') + 1)))
    return { accepted: false, reason: 'email_foreign', subject: sub }
  const role = judgeGroups(claims, connection)
  if (role === 'groups_missing' || role === 'no_role') return { accepted: false, reason: role, subject: sub }
  const { orgId, issuer } = connection
  return {
    accepted: true,
    arrival: {
      orgId,
      issuer,
      subject: sub,
      sid: typeof sid === 'string' && sid !== '' && sid.length <= sidMax ? sid : null,
      email,
      name: toName(claims, email),
      role,
    },
  }
}

const rank: readonly Role[] = ['viewer', 'member', 'owner']

/**
 * The highest role of a person's groups. A claim that is missing altogether is a fault of the issuer's settings, not
 * someone without groups.
 */
function judgeGroups(
  claims: Claims,
  { groupClaim, groupRoles, defaultRole }: RoleRules,
): Role | 'groups_missing' | 'no_role' {
  if (groupClaim === null) return defaultRole ?? 'no_role'
  const found = findClaim(claims, groupClaim)
  if (found === undefined) return defaultRole ?? 'groups_missing'
  const groups = new Set([found].flat().slice(0, groupsMax))
  const given = groupRoles.filter(({ group }) => groups.has(group)).map(({ role }) => role)
  return rank.findLast((role) => given.includes(role)) ?? defaultRole ?? 'no_role'
}

/** By its whole name, which may hold dots; otherwise as a path through objects, such as `realm_access.roles`. */
function findClaim(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  let found: unknown = claims
  for (const part of name.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined
    // Safe: it is an object that has this member of its own.
    found = (found as Claims)[part]
  }
  return found
}

const nameMax = 100

function toName(claims: Claims, email: string): string {
  for (const name of [claims['name'], claims['preferred_username']]) {
    if (typeof name !== 'string' || !name.isWellFormed()) continue
    const plain = name
      .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
      .trim()
      .slice(0, nameMax)
      .trim()
    if (plain !== '' && plain.isWellFormed()) return plain
  }
  return email.slice(0, email.lastIndexOf('@'))
}
