import { mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { showEmail } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import { findPlan } from '../../../service/find-plan.ts'
import { openCursor, toPage } from '../../../service/paging.ts'
import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import type { SubscriberQuery, SubscriberReply } from '../contract/subscribers.ts'
import type { UptimeDeps } from '../deps.ts'
import { plans } from '../plans.ts'
import { problems } from '../problems.ts'
import { findOrg } from '../store/plan-store.ts'
import { findService } from '../store/service-store.ts'
import {
  countSubscribers,
  deleteSubscriber,
  findSubscriber,
  listSubscribers as listStored,
  type Subscriber,
} from '../store/subscriber-store.ts'

const list = 'subscribers'
const pageDefault = 50

export async function listSubscribers(
  deps: Pick<UptimeDeps, 'db' | 'clock' | 'cursors'>,
  principal: Principal,
  serviceId: string,
  { limit = pageDefault, cursor }: SubscriberQuery,
): Promise<{
  readonly subscribers: SubscriberReply[]
  readonly nextCursor: string | null
  readonly confirmed: number
  readonly pending: number
  readonly max: number | null
}> {
  const name = `${list}:${serviceId}`
  const afterId = openCursor(deps, name, principal.orgId, cursor)
  return within(deps, principal, async (tx) => {
    if ((await findService(tx, serviceId)) === undefined)
      throw problems.NOT_FOUND({ detail: 'Status page not found' })
    const rows = await listStored(tx, serviceId, { afterId, limit: limit + 1 })
    const { entries, nextCursor } = toPage(deps, name, principal.orgId, rows, limit, ({ id }) => id)
    return {
      subscribers: entries.map(toReply),
      nextCursor,
      ...(await countSubscribers(tx, serviceId, deps.clock.now())),
      max: findPlan(plans, (await findOrg(tx)).plan).subscribersMax,
    }
  })
}

/** Like an unsubscription, decided by an owner. */
export async function removeSubscriber(
  deps: UptimeDeps,
  principal: Principal,
  serviceId: string,
  subscriberId: string,
): Promise<void> {
  await mutate(deps, principal, async (tx) => {
    const subscriber = await findSubscriber(tx, subscriberId)
    if (subscriber?.serviceId !== serviceId) throw problems.NOT_FOUND({ detail: 'Subscriber not found' })
    await deleteSubscriber(tx, subscriberId)
    return {
      result: undefined,
      entry: {
        action: 'status_page.remove_subscriber',
        resourceId: serviceId,
        // Whose address it was leaves with it.
        detail: { subscriberId },
        at: deps.clock.now(),
      },
    }
  })
}

function toReply(subscriber: Subscriber): SubscriberReply {
  const { id, kind, address, language, componentIds, confirmedAtMs, createdAtMs } = subscriber
  return {
    id,
    kind,
    address: kind === 'email' ? showEmail(address) : address,
    language,
    components: [...componentIds],
    confirmedAt: toTimeOrNull(confirmedAtMs),
    createdAt: toTime(createdAtMs),
  }
}
