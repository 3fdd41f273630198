import { BlockList, isIP } from 'node:net'

export type KeyKind = 'persistent' | 'expiring' | 'session'

/** What the gate knows of a stored key. Times are milliseconds since the epoch. */
export type StoredKey = {
  readonly orgId: string
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
}

export type KeyRefusal = 'unknown' | 'revoked' | 'rotated' | 'expired' | 'org_suspended' | 'ip_not_allowed'

export type KeyJudgement =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly reason: KeyRefusal }

/** Whether a key whose secret was proven may be used now, from this address (K4). */
export function judgeKey(key: StoredKey, ip: string, nowMs: number): KeyJudgement {
  if (key.revokedAtMs !== null) return refuse('revoked')
  if (key.isReplaced && (key.overlapUntilMs === null || key.overlapUntilMs <= nowMs)) return refuse('rotated')
  if (key.expiresAtMs !== null && key.expiresAtMs <= nowMs) return refuse('expired')
  if (key.isOrgSuspended) return refuse('org_suspended')
  if (key.ipAllow.length > 0 && !isWithin(key.ipAllow, ip)) return refuse('ip_not_allowed')
  return { accepted: true }
}

function refuse(reason: KeyRefusal): KeyJudgement {
  return { accepted: false, reason }
}

/** True when `text` is an address with a prefix length that fits it. */
export function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/')
  const family = isIP(address)
  return (
    rest.length === 0 && family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
  )
}

function isWithin(cidrs: readonly string[], ip: string): boolean {
  const family = isIP(ip)
  if (family === 0) return false
  const list = new BlockList()
  for (const cidr of cidrs) {
    const [address = '', bits = ''] = cidr.split('/')
    list.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6')
  }
  return list.check(ip, family === 4 ? 'ipv4' : 'ipv6')
}
