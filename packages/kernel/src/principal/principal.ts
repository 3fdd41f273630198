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
}

/** Gatehouse itself, acting inside one org: a schedule, a policy, a command on the server's own machine. */
export type SystemPrincipal = { readonly kind: 'system'; readonly orgId: string; readonly because: string }

export type Principal = KeyPrincipal | MemberPrincipal | SystemPrincipal

/** Owns the instance's own audit chain: refusals of strangers, evidence, administration. No person is a member of it. */
export const instanceOrgId = '00000000-0000-4000-8000-000000000000'

const rank: Readonly<Record<Role, number>> = { viewer: 0, member: 1, owner: 2 }

export function isRoleAtLeast(role: Role, needed: Role): boolean {
  return rank[role] >= rank[needed]
}

/** `write` on a resource implies `read` on it. */
export function isScopeGranted(granted: readonly Scope[], needed: Scope): boolean {
  if (granted.includes(needed)) return true
  const [resource, verb] = needed.split(':')
  return verb === 'read' && granted.includes(`${resource}:write`)
}
