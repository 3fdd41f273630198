import { mutate } from '@gatehouse/kernel/audit'
import type { Principal } from '@gatehouse/kernel/principal'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { deleteChannel as deleteStored, lockChannel } from '../store/channel-store.ts'

export async function deleteChannel(deps: UptimeDeps, principal: Principal, id: string): Promise<void> {
  await mutate(deps, principal, async (tx) => {
    const channel = await lockChannel(tx, id)
    if (channel === undefined) throw problems.NOT_FOUND({ detail: 'Channel not found' })
    await deleteStored(tx, id)
    const { name, type } = channel
    return {
      result: undefined,
      entry: {
        action: 'notification_channel.delete',
        resourceId: id,
        detail: { name, type },
        at: deps.clock.now(),
      },
    }
  })
}
