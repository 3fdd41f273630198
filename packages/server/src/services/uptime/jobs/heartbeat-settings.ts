import { heartbeatConfig } from '../contract/monitor-config.ts'
import type { HeartbeatConfig } from '../domain/heartbeat.ts'
import { uptimePolicy } from '../policy.ts'

/** A stored heartbeat config, with the defaults that it leaves out. */
export function heartbeatSettings(config: unknown): HeartbeatConfig {
  const { graceSeconds, periodSeconds, maxRunSeconds } = heartbeatConfig.parse(config)
  return {
    graceSeconds: graceSeconds ?? uptimePolicy.heartbeatGraceSeconds.default,
    periodSeconds: periodSeconds ?? null,
    maxRunSeconds: maxRunSeconds ?? null,
  }
}
