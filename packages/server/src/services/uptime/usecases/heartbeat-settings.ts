import type { HeartbeatConfig } from '../domain/heartbeat.ts'
import type { StoredWatch } from '../monitor-types/watch.ts'

/** The job's expected times; undefined if the stored config is unreadable. */
export function heartbeatSettings(stored: StoredWatch): HeartbeatConfig | undefined {
  return stored.isKnown && stored.watch.type === 'heartbeat' ? stored.watch.config : undefined
}
