export type Role = 'owner' | 'member' | 'viewer'

/** What a principal may do, `resource:verb`. */
export type Scope = `${string}:${string}`

export type KeyPrincipal = {
  readonly kind: 'key'
  readonly orgId: string
  readonly service: string
  readonly keyId: string
  /** The part of the key that may be shown. */
  readonly keyPrefix: string
  readonly scopes: readonly Scope[]
  readonly ip: string
}

export type MemberPrincipal = {
  readonly kind: 'member'
  readonly orgId: string
  readonly userId: string
  readonly sessionId: string
  readonly role: Role
  readonly ip: string
  /** The org's own issuer vouched for the session: it holds in this org and nowhere else. */
  readonly isConfined?: true
}

/** Whoever holds a link that an org handed out: it opens what the service that made it keeps about one subject. */
export type LinkPrincipal = {
  readonly kind: 'link'
  readonly orgId: string
  readonly service: string
  readonly linkId: string
  /** Whom or what it is about, in the service's own words. */
  readonly subject: string
  readonly ip: string
}

/** The operator's automation, proven by the one secret that opens a route; it acts in the org that the route names. */
export type MasterPrincipal = {
  readonly kind: 'master'
  readonly orgId: string
  /** The name of the secret, such as it has in the settings. */
  readonly secret: string
  readonly ip: string
}

/** Gatehouse itself, acting inside one org: a schedule, a policy, a command on the server's own machine. */
export type SystemPrincipal = { readonly kind: 'system'; readonly orgId: string; readonly because: string }

export type Principal = KeyPrincipal | LinkPrincipal | MasterPrincipal | MemberPrincipal | SystemPrincipal

/** Owns the instance's own audit chain: refusals of strangers, evidence, administration. No person is a member of it. */
export const instanceOrgId = '00000000-0000-4000-8000-000000000000'

const rank: Readonly<Record<Role, number>> = { viewer: 0, member: 1, owner: 2 }

export function isRoleAtLeast(role: Role, needed: Role): boolean {
  return rank[role] >= rank[needed]
}

/** The least role whose people may do by hand what a key of this scope does: reading takes a viewer, the rest a member. */
export function leastRoleOf(scope: Scope): Role {
  return scope.endsWith(':read') ? 'viewer' : 'member'
}

/** `write` on a resource implies `read` on it. */
export function isScopeGranted(granted: readonly Scope[], needed: Scope): boolean {
  if (granted.includes(needed)) return true
  const [resource, verb] = needed.split(':')
  return verb === 'read' && granted.includes(`${resource}:write`)
}
