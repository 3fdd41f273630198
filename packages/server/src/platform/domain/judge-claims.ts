import type { Role } from '@gatehouse/kernel/principal'
import type { Connection, RoleRules } from './single-sign-on.ts'

/** The claims of an issuer about a person, unparsed. */
export type Claims = Readonly<Record<string, unknown>>

/** A person whom an issuer vouches for, and the role that they get in its org. */
export type Arrival = {
  readonly orgId: string
  readonly issuer: string
  readonly subject: string
  /** The id of the session at the issuer; null when it names none. */
  readonly sid: string | null
  /** In lower case; its domain is proven. */
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

/** OpenID Connect Core §2: the most ASCII characters of a subject. */
const subjectMax = 255
const sidMax = 255
const groupsMax = 1_000

/**
 * Judges the claims of an issuer. It may vouch only for addresses in domains that its org has proven, and only for
 * those that it has verified itself. `readEmail` is the only parser of addresses.
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
 * The highest role that a person's groups give. A missing claim is a fault of the issuer's settings, and does not mean
 * a person without groups.
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

/**
 * Finds a claim by its whole name, which may contain dots, or else as a path through objects, such as
 * `realm_access.roles`.
 */
function findClaim(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  let found: unknown = claims
  for (const part of name.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined
    // Safe: it is an object with an own member of this name.
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
