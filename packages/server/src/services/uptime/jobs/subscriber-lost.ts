import { decideAsSystem } from '@gatehouse/kernel/audit'
import { deleteSubscriber, findSubscriber } from '../store/subscriber-store.ts'
import type { DeliverDeps } from './deliver-deps.ts'

/** Removes a subscriber that nothing reaches. */
export async function subscriberLost(
  deps: DeliverDeps,
  orgId: string,
  { subscriberId, result }: { readonly subscriberId: string; readonly result: string },
): Promise<void> {
  await decideAsSystem(deps, { kind: 'system', orgId, because: 'delivery' }, async (tx, decide) => {
    const subscriber = await findSubscriber(tx, subscriberId)
    if (subscriber === undefined) return
    const entry = {
      action: 'status_page.drop_subscriber',
      resourceId: subscriber.serviceId,
      detail: { subscriberId },
      reason: result,
      at: deps.clock.now(),
    }
    await deleteSubscriber(await decide(entry), subscriberId)
  })
}
