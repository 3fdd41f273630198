import { decideAsSystem } from '@gatehouse/kernel/audit'
import { lockChannel, setInactive } from '../store/channel-store.ts'
import type { DeliverDeps } from './deliver-deps.ts'

/** Disables a channel that failed too often (6.1). */
export async function channelFailed(
  deps: DeliverDeps,
  orgId: string,
  { channelId, result }: { readonly channelId: string; readonly result: string },
): Promise<void> {
  await decideAsSystem(deps, { kind: 'system', orgId, because: 'delivery' }, async (tx, decide) => {
    const channel = await lockChannel(tx, channelId)
    if (channel?.isActive !== true) return
    const at = deps.clock.now()
    const action = 'notification_channel.deactivate'
    await setInactive(await decide({ action, resourceId: channelId, reason: result, at }), channelId, at)
  })
}
