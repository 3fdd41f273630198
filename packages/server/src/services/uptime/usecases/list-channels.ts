import { within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { ChannelReply, DeliveryQuery } from '../contract/channels.ts'
import type { DeliveryReply } from '../contract/delivery-shape.ts'
import { toTime } from '../../../service/shapes.ts'
import { toFlag } from '../contract/shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { type Channel, findChannel, listChannels as listStored } from '../store/channel-store.ts'
import { readChannelLog } from './channel-log.ts'
import { findKind } from './open-channel.ts'
import { openCursor, openPlace, toPage, toPlace } from '../../../service/paging.ts'

export async function listChannels(
  deps: Pick<UptimeDeps, 'db'>,
  principal: Principal,
): Promise<ChannelReply[]> {
  return within(deps, principal, async (tx) =>
    (await listStored(tx)).map((channel) => toChannelReply(tx.orgId, channel)),
  )
}

const list = 'deliveries'
const pageDefault = 50

export async function listDeliveries(
  deps: Pick<UptimeDeps, 'db' | 'cursors'>,
  principal: Principal,
  id: string,
  { limit = pageDefault, cursor }: DeliveryQuery,
): Promise<{ readonly deliveries: DeliveryReply[]; readonly nextCursor: string | null }> {
  const { orgId } = principal
  const beforeId = openCursor(deps, list, orgId, cursor)
  return within(deps, principal, async (tx) => {
    if ((await findChannel(tx, id)) === undefined) throw problems.NOT_FOUND({ detail: 'Channel not found' })
    const rows = await readChannelLog(tx, { destinationId: id, beforeId, limit: limit + 1 })
    const { entries, nextCursor } = toPage(deps, list, orgId, rows, limit, (delivery) => delivery.id)
    return { deliveries: [...entries], nextCursor }
  })
}

export async function listAllDeliveries(
  deps: Pick<UptimeDeps, 'db' | 'cursors'>,
  principal: Principal,
  { limit = pageDefault, cursor }: DeliveryQuery,
): Promise<{ readonly deliveries: DeliveryReply[]; readonly nextCursor: string | null }> {
  const { orgId } = principal
  const name = `${list}:all`
  const before = openPlace(openCursor(deps, name, orgId, cursor))
  return within(deps, principal, async (tx) => {
    const destinationIds = (await listStored(tx)).map(({ id }) => id)
    const rows = await readChannelLog(tx, { destinationIds, before, limit: limit + 1 })
    const { entries, nextCursor } = toPage(deps, name, orgId, rows, limit, ({ id, channelId }) =>
      toPlace({ id, destinationId: channelId }),
    )
    return { deliveries: [...entries], nextCursor }
  })
}

/** A channel as the API shows it: of its config, only which members are set. */
export function toChannelReply(orgId: string, channel: Channel): ChannelReply {
  return {
    id: channel.id,
    teamId: orgId,
    type: channel.type,
    name: channel.name,
    config: Object.fromEntries(
      Object.keys(findKind(channel.type)?.config.shape ?? {}).map((member) => [member, { set: true }]),
    ),
    summary: channel.summary,
    isActive: toFlag(channel.isActive),
    verified: toFlag(channel.verified),
    isDefault: toFlag(channel.isDefault),
    delaySeconds: channel.delaySeconds,
    activeHours: channel.activeHours && { ...channel.activeHours, days: [...channel.activeHours.days] },
    events: [...channel.events],
    language: channel.language,
    createdAt: toTime(channel.createdAtMs),
    updatedAt: toTime(channel.updatedAtMs),
  }
}
