import type { LimitRule } from '@gatehouse/kernel/limits'
import type { ServicePolicy } from '../../service/define-service.ts'
import { fails, type Finding, holds } from '../finding.ts'
import type { Inside } from '../inside.ts'
import { UnseenError } from './ask.ts'

/**
 * The limits that must not admit uncounted requests: those before authentication, of log-ins, and of calls without a
 * key.
 */
function listStrangersRules({ gate, publicLimits }: ServicePolicy): readonly LimitRule[] {
  const named = ['auth', 'refresh', 'keyless', 'anonymous', 'link'].flatMap(
    (name) => publicLimits[name] ?? [],
  )
  return [gate.beforeProof, ...named]
}

/** Charges each limit for an artificial subject while the store of its counts is unreachable: each must refuse. */
export async function failClosed({ services, limits }: Inside): Promise<Finding> {
  const rules = services.filter(({ policy }) => policy.keyShape !== null || policy.scopes.length > 0)
  const all = [...rules, ...services.filter(({ name }) => name === 'platform')].flatMap(({ policy }) =>
    listStrangersRules(policy),
  )
  if (all.length === 0) return fails('Nothing limits those who prove nothing', { rules: 0 })
  let refused = 0
  for (const rule of all) {
    const { admitted } = await limits.chargeWithoutStore(rule, 'nobody')
    if (admitted)
      return fails(`The limit ${rule.name} lets everybody in while its store is gone`, {
        rules: all.length,
        refused,
      })
    refused += 1
  }
  return holds({ rules: all.length, refused })
}

/** Counts an artificial subject under each limit, and checks for how long it is kept. */
export async function forgetCounts({ services, limits }: Inside, hoursMax: number): Promise<Finding> {
  const rules = services.flatMap(({ policy: { gate, publicLimits, userLimits = {} } }) => [
    gate.beforeProof,
    gate.perKey,
    gate.perUser,
    ...Object.values(publicLimits),
    ...Object.values(userLimits),
  ])
  const remembered: number[] = []
  for (const rule of rules) remembered.push(await limits.remembersForMs(rule))
  const idlestMs = limits.idlestMs()
  const longestMs = Math.max(...remembered, idlestMs ?? 0)
  const figures = {
    rules: rules.length,
    longestSeconds: Number.isFinite(longestMs) ? Math.round(longestMs / 1000) : 'for ever',
    ...(idlestMs === undefined ? {} : { oldestCountSeconds: Math.round(idlestMs / 1000) }),
    claimedHours: hoursMax,
  }
  if (Math.min(...remembered) === 0) throw new UnseenError('A count was forgotten before it could be seen')
  return longestMs <= hoursMax * 3_600_000
    ? holds(figures)
    : fails('The state of a limit is kept for longer than is claimed', figures)
}
