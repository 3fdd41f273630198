import { BlockList, isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { isRoleAtLeast, leastRoleOf, type Role, type Scope } from '../principal/index.ts'

export type KeyKind = 'persistent' | 'expiring' | 'session'

/** A stored key, with what authentication needs. Times are milliseconds since the epoch. */
export type StoredKey = {
  readonly orgId: string
  /** The test org that the key acts in; null when it acts in the org that it belongs to. */
  readonly testOrgId: string | null
  readonly id: string
  readonly service: string
  readonly prefix: string
  readonly digest: Buffer
  readonly pepperVersion: number
  readonly scopes: readonly `${string}:${string}`[]
  readonly expiresAtMs: number | null
  readonly ipAllow: readonly string[]
  readonly requestsPerWindow: number | null
  readonly revokedAtMs: number | null
  readonly overlapUntilMs: number | null
  readonly isReplaced: boolean
  readonly isOrgSuspended: boolean
  /** The person whose role and membership limit the key; null when it belongs to the org alone. */
  readonly standsFor: string | null
  /** Each use of the key moves its expiry to this many days later; null for a fixed expiry. */
  readonly renewDays: number | null
}

export type KeyRefusal =
  | 'unknown'
  | 'revoked'
  | 'rotated'
  | 'expired'
  | 'org_suspended'
  | 'ip_not_allowed'
  | 'not_a_member'

export type KeyJudgement =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly reason: KeyRefusal }

/**
 * Whether a key whose secret was verified may be used now, from this address (K4). `role` is that of the person whom it
 * stands for.
 */
export function judgeKey(key: StoredKey, role: Role | undefined, ip: string, nowMs: number): KeyJudgement {
  if (key.revokedAtMs !== null) return refuse('revoked')
  if (key.isReplaced && (key.overlapUntilMs === null || key.overlapUntilMs <= nowMs)) return refuse('rotated')
  if (key.expiresAtMs !== null && key.expiresAtMs <= nowMs) return refuse('expired')
  if (key.isOrgSuspended) return refuse('org_suspended')
  if (key.standsFor !== null && role === undefined) return refuse('not_a_member')
  if (key.ipAllow.length > 0 && !isWithin(key.ipAllow, ip)) return refuse('ip_not_allowed')
  return { accepted: true }
}

/** The scopes of a key: those it was given, limited to what the person whom it stands for may do now. */
export function scopesOf(
  { scopes, standsFor }: Pick<StoredKey, 'scopes' | 'standsFor'>,
  role: Role | undefined,
): readonly Scope[] {
  if (standsFor === null) return scopes
  return role === undefined ? [] : scopes.filter((scope) => isRoleAtLeast(role, leastRoleOf(scope)))
}

function refuse(reason: KeyRefusal): KeyJudgement {
  return { accepted: false, reason }
}

/** True when `text` is a network: an address, a prefix length that fits it, and no bit set beyond that. */
export function isCidr(text: string): boolean {
  return toNetwork(text) !== undefined && isWholeNetwork(text)
}

function toNetwork(text: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', bits = '', ...rest] = text.split('/')
  const family = isIP(address)
  if (rest.length > 0 || family === 0 || !/^\d{1,3}$/.test(bits)) return undefined
  if (Number(bits) > (family === 4 ? 32 : 128)) return undefined
  return { address, bits: Number(bits), family: family === 4 ? 'ipv4' : 'ipv6' }
}

function isWholeNetwork(text: string): boolean {
  const [address, bits] = ipaddr.parseCIDR(text)
  const bytes = address.toByteArray()
  return bytes.every((byte, index) => (byte & (0xff >> Math.min(8, Math.max(0, bits - index * 8)))) === 0)
}

/** The parsed networks of each cached key. */
const networks = new WeakMap<readonly string[], BlockList>()

function isWithin(cidrs: readonly string[], ip: string): boolean {
  const family = isIP(ip)
  if (family === 0) return false
  let list = networks.get(cidrs)
  if (list === undefined) {
    list = new BlockList()
    for (const { address, bits, family: kind } of cidrs
      .map(toNetwork)
      .filter((network) => network !== undefined))
      list.addSubnet(address, bits, kind)
    networks.set(cidrs, list)
  }
  return list.check(ip, family === 4 ? 'ipv4' : 'ipv6')
}
