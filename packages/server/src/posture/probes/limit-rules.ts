import type { LimitRule } from '@gatehouse/kernel/limits'
import type { ServicePolicy } from '../../service/define-service.ts'
import { fails, type Finding, holds } from '../finding.ts'
import type { Inside } from '../inside.ts'

/** What must not be passed uncounted: before proof everywhere, log-in, and what anybody may call without a key. */
function listStrangersRules({ gate, publicLimits }: ServicePolicy): readonly LimitRule[] {
  const named = ['auth', 'refresh', 'keyless', 'anonymous', 'link'].flatMap(
    (name) => publicLimits[name] ?? [],
  )
  return [gate.beforeProof, ...named]
}

/** The rules as they run: where the store of the counts is gone, each of them refuses. */
export async function failClosed({ services }: Inside): Promise<Finding> {
  const rules = services.filter(({ policy }) => policy.keyShape !== null || policy.scopes.length > 0)
  const all = [...rules, ...services.filter(({ name }) => name === 'platform')].flatMap(({ policy }) =>
    listStrangersRules(policy),
  )
  const open = all.filter(({ whenStoreFails }) => whenStoreFails !== 'refuse')
  const figures = { rules: all.length, open: open.length }
  if (all.length === 0) return fails('Nothing limits those who prove nothing', figures)
  return open.length === 0
    ? holds(figures)
    : fails(`The limit ${open[0]?.name} lets everybody in while its store is gone`, figures)
}

/** A count lives for its window, and for one more at most. */
export async function forgetCounts({ services, schema }: Inside, hoursMax: number): Promise<Finding> {
  const rules = services.flatMap(({ policy: { gate, publicLimits, userLimits = {} } }) => [
    gate.beforeProof,
    gate.perKey,
    gate.perUser,
    ...Object.values(publicLimits),
    ...Object.values(userLimits),
  ])
  const longestSeconds = Math.max(...rules.map(({ windowSeconds }) => windowSeconds))
  const row = schema.retention.find((one) => 'keptBy' in one && one.what === 'state of rate limits')
  const figures = { rules: rules.length, longestWindowSeconds: longestSeconds, claimedHours: hoursMax }
  if (row === undefined) return fails('Nothing says how long the state of limits is kept', figures)
  return longestSeconds * 2 <= hoursMax * 3_600
    ? holds(figures)
    : fails('A limit counts over so long a time that its state is kept for longer', figures)
}
