import { within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { listBoundChannels } from '../store/channel-store.ts'
import { findMonitor } from '../store/monitor-store.ts'
import type { BoundChannel } from './set-monitor-channels.ts'

/** The channels chosen for a monitor; empty if it uses the defaults. */
export async function listMonitorChannels(
  deps: Pick<UptimeDeps, 'db'>,
  principal: Principal,
  monitorId: string,
): Promise<BoundChannel[]> {
  return within(deps, principal, async (tx) => {
    if ((await findMonitor(tx, monitorId)) === undefined)
      throw problems.NOT_FOUND({ detail: 'Monitor not found' })
    return [...(await listBoundChannels(tx, monitorId))]
  })
}
