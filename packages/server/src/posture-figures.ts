import {
  accessTokenSeconds,
  passwordIterations,
  raceMs,
  refreshTokenMs,
  sudoTokenSeconds,
} from '@gatehouse/kernel/sessions'
import { bodyBytesDefault, strangersBytesMax } from './http/read-body.ts'
import { platformPolicy } from './platform/index.ts'
import type { PosturePolicy } from './posture/posture-policy.ts'
import type { ServiceModule, ServicePolicy, ServiceSchema } from './service/define-service.ts'
import { oversight } from './services/oversight/index.ts'
import { oversightPolicy } from './services/oversight/policy.ts'
import { uptime } from './services/uptime/index.ts'
import { uptimePolicy } from './services/uptime/policy.ts'
import { volatility } from './services/volatility/index.ts'
import { volatilityPolicy } from './services/volatility/policy.ts'

/** The figures that claims use: the policies of the running services. */
export function toPosturePolicy(
  services: readonly Pick<ServiceModule, 'name' | 'policy'>[],
  { retention }: Pick<ServiceSchema, 'retention'>,
): PosturePolicy {
  const running = new Map(services.map(({ name, policy }) => [name, policy]))
  // Nothing is claimed of a service that does not run.
  const of = (name: string, unless: ServicePolicy): ServicePolicy => running.get(name) ?? unless
  return {
    kernel: {
      accessTokenSeconds,
      refreshTokenMs,
      refreshRaceMs: raceMs,
      sudoTokenSeconds,
      passwordIterations,
      // K7: after this time without the channel a node stops trusting its caches.
      revocationMs: 1_000,
      bodyBytesMax: bodyBytesDefault,
      anonymousBodyBytesMax: strangersBytesMax,
    },
    retention,
    platform: { ...platformPolicy, ...of('platform', platformPolicy) },
    uptime: { ...uptimePolicy, ...of('uptime', uptime.policy) },
    oversight: {
      ...oversightPolicy,
      jsonDepthMax: oversightPolicy.jsonDepthMax.usual,
      ...of('oversight', oversight.policy),
    },
    volatility: { ...volatilityPolicy, ...of('volatility', volatility.policy) },
  }
}
