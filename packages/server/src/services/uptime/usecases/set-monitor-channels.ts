import { mutate } from '@gatehouse/kernel/audit'
import type { Principal } from '@gatehouse/kernel/principal'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { type Binding, listChannels, setBindings } from '../store/channel-store.ts'
import { lockMonitor } from '../store/monitor-store.ts'

export type BoundChannel = {
  readonly id: string
  readonly name: string
  readonly delaySeconds: number | null
}

/** Sets the channels of this monitor in place of the defaults; an empty list restores the defaults. */
export async function setMonitorChannels(
  deps: UptimeDeps,
  principal: Principal,
  monitorId: string,
  bindings: readonly Binding[],
): Promise<BoundChannel[]> {
  return mutate(deps, principal, async (tx) => {
    if ((await lockMonitor(tx, monitorId)) === undefined)
      throw problems.NOT_FOUND({ detail: 'Monitor not found' })
    const names = new Map((await listChannels(tx)).map(({ id, name }) => [id, name]))
    const bound = bindings.map(({ channelId, delaySeconds }) => {
      const name = names.get(channelId)
      if (name === undefined) throw problems.NOT_FOUND({ detail: 'Channel not found' })
      return { id: channelId, name, delaySeconds }
    })
    await setBindings(tx, monitorId, bindings)
    const detail = { channels: bound.map(({ id, delaySeconds }) => ({ id, delaySeconds })) }
    return {
      result: bound,
      entry: { action: 'monitor.set_channels', resourceId: monitorId, detail, at: deps.clock.now() },
    }
  })
}
