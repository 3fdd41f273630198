import type { Endpoint } from '@gatehouse/kernel/endpoint'
import { ipKey, type LimitRule } from '@gatehouse/kernel/limits'
import type { KeyPrincipal } from '@gatehouse/kernel/principal'
import type { GatePolicy, ServedService } from '../service/define-service.ts'
import type { Caller, Proven } from './authenticate.ts'

/**
 * The limit that counts this call, and the subject under which it is counted; undefined when only its address was
 * counted.
 */
export function limitOf(
  service: ServedService,
  endpoint: Endpoint,
  { caller, requestsPerWindow }: Proven,
  params: Readonly<Record<string, string>>,
): { readonly rule: LimitRule; readonly subject: string } | undefined {
  const { gate, publicLimits } = service.policy
  switch (caller.kind) {
    case 'key':
      return {
        rule: requestsPerWindow === null ? gate.perKey : { ...gate.perKey, limit: requestsPerWindow },
        subject: keySubject(gate.perKeyBy, caller),
      }
    case 'master':
      return undefined
    case 'member':
      return { rule: gate.perUser, subject: caller.userId }
    case 'link':
      if (gate.perLink === undefined) throw new Error(`${service.name} counts no calls by link`)
      return { rule: gate.perLink, subject: caller.linkId }
    case 'visitor': {
      if (endpoint.access.kind !== 'public') throw new Error(`${endpoint.path} let a stranger through`)
      const { name, by } = endpoint.access.limit
      const rule = publicLimits[name]
      if (rule === undefined) throw new Error(`${service.name} has no limit named ${name}`)
      return { rule, subject: by === 'ip' ? ipKey(caller.ip) : (params[by.param] ?? '') }
    }
  }
}

/** The additional limit of this endpoint for a person's calls, if its access rule names one. */
export function ownLimitOf(
  service: ServedService,
  { access, path }: Endpoint,
  caller: Caller,
): { readonly rule: LimitRule; readonly subject: string } | undefined {
  if (access.kind !== 'session' || access.limit === undefined || caller.kind !== 'member') return undefined
  const rule = service.policy.userLimits?.[access.limit]
  if (rule === undefined)
    throw new Error(`${path} counts calls by ${access.limit}, which ${service.name} lacks`)
  return { rule, subject: caller.userId }
}

function keySubject(by: GatePolicy['perKeyBy'], { keyId, keyPrefix, orgId }: KeyPrincipal): string {
  switch (by) {
    case 'key':
      return keyId
    case 'prefix':
      return keyPrefix
    case 'org':
      return orgId
  }
}
