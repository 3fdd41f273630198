import type { KeyedService } from './platform/index.ts'
import type { ServiceFacts } from './service/define-service.ts'
import type { ServiceDeps } from './service/service-deps.ts'

type KeyFacts = Pick<ServiceFacts, 'name' | 'title' | 'policy' | 'admitKey'>

/**
 * The services that have API keys, by name. Without `plans` no plan limits the number of keys, as for the operator's
 * own commands.
 */
export function toKeyedServices(
  services: readonly KeyFacts[],
  plans?: Pick<ServiceDeps, 'billing' | 'clock'>,
): ReadonlyMap<string, KeyedService> {
  return new Map(
    services.flatMap(({ name, title, policy, admitKey }): readonly (readonly [string, KeyedService])[] => {
      const { keyShape, scopes, defaultScopes, deviceScopes } = policy
      if (keyShape === null) return []
      const keyed = { title, keyShape, scopes, defaultScopes, deviceScopes }
      if (plans === undefined || admitKey === undefined) return [[name, keyed]]
      return [[name, { ...keyed, admitKey: (tx) => admitKey(plans, tx) }]]
    }),
  )
}
