export type Role = 'owner' | 'member' | 'viewer'

/** A permission of the form `resource:verb`. */
export type Scope = `${string}:${string}`

export type KeyPrincipal = {
  readonly kind: 'key'
  readonly orgId: string
  readonly service: string
  readonly keyId: string
  /** The first characters of the key, which may be shown. */
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
  /** True when the org's own issuer vouched for the session: it is valid in this org only. */
  readonly isConfined?: true
}

/** The holder of a link that an org handed out: it opens what the service that made it stores about one subject. */
export type LinkPrincipal = {
  readonly kind: 'link'
  readonly orgId: string
  readonly service: string
  readonly linkId: string
  /** The person or object that the link is about, as the service names it. */
  readonly subject: string
  readonly ip: string
}

/**
 * The operator's automation, authenticated by the one secret that opens a route; it acts in the org that the route
 * names.
 */
export type MasterPrincipal = {
  readonly kind: 'master'
  readonly orgId: string
  /** The name of the secret in the settings. */
  readonly secret: string
  readonly ip: string
}

/** Gatehouse itself, acting inside one org: a schedule, a policy, a command on the server's own machine. */
export type SystemPrincipal = { readonly kind: 'system'; readonly orgId: string; readonly because: string }

export type Principal = KeyPrincipal | LinkPrincipal | MasterPrincipal | MemberPrincipal | SystemPrincipal

/**
 * The org that owns the instance's own audit chain: refusals of unknown callers, evidence, administration. No person is
 * a member of it.
 */
export const instanceOrgId = '00000000-0000-4000-8000-000000000000'

const rank: Readonly<Record<Role, number>> = { viewer: 0, member: 1, owner: 2 }

export function isRoleAtLeast(role: Role, needed: Role): boolean {
  return rank[role] >= rank[needed]
}

/**
 * The least role with which a person may do what a key with this scope may do: a viewer for reading, a member for the
 * rest.
 */
export function leastRoleOf(scope: Scope): Role {
  return scope.endsWith(':read') ? 'viewer' : 'member'
}

/** Whether the granted scopes include the needed one; `write` on a resource implies `read` on it. */
export function isScopeGranted(granted: readonly Scope[], needed: Scope): boolean {
  if (granted.includes(needed)) return true
  const [resource, verb] = needed.split(':')
  return verb === 'read' && granted.includes(`${resource}:write`)
}
