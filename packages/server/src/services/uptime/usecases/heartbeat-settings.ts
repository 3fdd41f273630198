import type { HeartbeatConfig } from '../domain/heartbeat.ts'
import type { StoredWatch } from '../monitor-types/watch.ts'

/** The times that a job promised; undefined where what is stored cannot be made sense of. */
export function heartbeatSettings(stored: StoredWatch): HeartbeatConfig | undefined {
  return stored.isKnown && stored.watch.type === 'heartbeat' ? stored.watch.config : undefined
}
