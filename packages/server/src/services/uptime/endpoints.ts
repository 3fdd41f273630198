import type { BoundEndpoint } from '@gatehouse/kernel/endpoint'
import type { UptimeDeps } from './deps.ts'
import * as monitors from './contract/monitors.ts'
import { twoDoors } from './two-doors.ts'
import { createMonitor } from './usecases/create-monitor.ts'

export function uptimeEndpoints(deps: UptimeDeps): readonly BoundEndpoint[] {
  return [...twoDoors(monitors.createMonitor, async (caller, { body }) => ({ monitor: await createMonitor(deps, caller, body) }))]
}
