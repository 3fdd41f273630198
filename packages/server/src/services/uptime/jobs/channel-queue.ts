import { type Database, type TenantTx, within, type WriterTx } from '@gatehouse/kernel/db'
import type {
  ClaimedDelivery,
  DeliveryQueue,
  DestinationNotice,
  OpenDestination,
  Prepared,
} from '@gatehouse/kernel/delivery'
import type { Egress } from '@gatehouse/kernel/egress'
import { showHost } from '@gatehouse/kernel/endpoint'
import { enqueue } from '@gatehouse/kernel/jobs'
import type { Sealer } from '@gatehouse/kernel/secrets'
import { queueMail, type Reader } from '../../../mail/index.ts'
import type { ChannelTools, Notice } from '../destinations/channel.ts'
import type { StoredNotice } from '../domain/notice-body.ts'
import { nameTarget } from '../domain/target.ts'
import { type StoredWatch, targetOf } from '../monitor-types/watch.ts'
import { uptimePolicy } from '../policy.ts'
import { channelQueueName } from '../store/channel-queue-name.ts'
import { listOngoing, listSendingChannels, listWatches, type SendingChannel } from '../store/sending-store.ts'
import { openChannel } from '../usecases/open-channel.ts'
import { channelFailedJob, channelFailedMail } from './channel-jobs.ts'
import { parseNotice, toNotice } from '../usecases/stored-notice.ts'

export type SendDeps = {
  readonly egress: Egress
  readonly sealer: Sealer
  readonly publicUrl: () => string
  readonly sendMail: ChannelTools['sendMail']
  readonly db: Database
  /** Looks up a member of the organisation, which only the platform knows. */
  readonly findMemberAddress: (tx: TenantTx, email: string) => Promise<Reader | undefined>
  readonly mail: { readonly isConfigured: boolean }
}

type Sought = { readonly delivery: ClaimedDelivery; readonly stored: StoredNotice }

type Ready = {
  readonly destination: OpenDestination<Notice, ChannelTools>
  readonly notice: Notice
}

/** Sends this service's notifications through the kernel's delivery, in order per incident. */
export function createChannelQueue(deps: SendDeps): DeliveryQueue<Ready> {
  return {
    name: channelQueueName,
    rules: uptimePolicy.delivery,
    prepare: async (tx, claimed) => {
      const channels = await listSendingChannels(tx, claimed)
      const ongoing = await listOngoing(tx, claimed.filter(isFresh))
      const sought = claimed.map((delivery) => ({ delivery, stored: parseNotice(delivery.body) }))
      const watches = await listWatches(tx, sought.flatMap(toWatched))
      return sought.map(({ delivery, stored }) => {
        const target = nameWatched(watches.get(`${delivery.orgId}/${stored.body.monitorId}`))
        const about = { target, publicUrl: deps.publicUrl() }
        return prepare(deps, delivery, channels.get(toKey(delivery)), ongoing, (language) =>
          toNotice(delivery, stored, language, about),
        )
      })
    },
    attempt: ({ destination, notice }, { orgId }, context) =>
      destination.attempt(notice, { ...context, ...toTools(deps, orgId) }),
    notice: (tx, notice) => tellOfFailure(deps, tx, notice),
  }
}

/** What a channel of an organisation needs for sending. */
export function toTools(
  deps: SendDeps,
  orgId: string,
): Pick<ChannelTools, 'egress' | 'publicUrl' | 'findZone' | 'sendMail'> {
  const { publicUrl, sendMail, findMemberAddress } = deps
  const principal = { kind: 'system', orgId, because: 'mail' } as const
  return {
    egress: deps.egress.forOrg(orgId),
    publicUrl,
    sendMail,
    findZone: async (email) =>
      (await within(deps, principal, (tx) => findMemberAddress(tx, email)))?.timeZone ?? null,
  }
}

function prepare(
  { sealer }: SendDeps,
  delivery: ClaimedDelivery,
  channel: SendingChannel | undefined,
  ongoing: ReadonlySet<string>,
  toNoticeIn: (language: SendingChannel['language']) => Notice,
): Prepared<Ready> {
  if (channel === undefined) return { kind: 'suppress', because: 'channel_deleted' }
  if (channel.isOrgSuspended) return { kind: 'suppress', because: 'org_suspended' }
  if (!channel.isActive) return { kind: 'suppress', because: 'channel_inactive' }
  if (!channel.verified) return { kind: 'suppress', because: 'channel_unverified' }
  // Gate 5: a delayed opening is sent only while the incident is open and nobody works on it.
  if (isFresh(delivery) && !ongoing.has(`${delivery.orgId}/${delivery.topic}`))
    return { kind: 'suppress', because: 'no_longer_ongoing' }
  const opened = openChannel(sealer, delivery.orgId, channel)
  if (opened.kind === 'unreadable') return { kind: 'broken', because: opened.code, error: opened.error }
  return { kind: 'send', to: { destination: opened.destination, notice: toNoticeIn(channel.language) } }
}

function toWatched({ delivery: { orgId }, stored: { body } }: Sought) {
  return body.monitorId === null ? [] : [{ orgId, monitorId: body.monitorId }]
}

/** Host and path, without the query, which may hold what only members should read. */
function nameWatched(stored: StoredWatch | undefined): string | null {
  const target = stored?.isKnown === true ? targetOf(stored.watch) : null
  return target && nameTarget(target.input, showHost)
}

/** Whether it is the opening of an incident, with no delivery attempt yet. */
function isFresh({ event, topic, attemptsMade }: ClaimedDelivery): boolean {
  return event === 'incident.created' && topic !== null && attemptsMade === 0
}

/** Informs the owners by mail that a channel failed, and disables one that fails too often (6.1). */
async function tellOfFailure({ mail }: SendDeps, tx: WriterTx, notice: DestinationNotice): Promise<void> {
  if (notice.because === 'failing') return
  const { orgId, destinationId: channelId, event, result, isClosed: deactivates } = notice
  if (deactivates) await enqueue(tx, channelFailedJob, { orgId, channelId, result })
  // Without a mail server, the owners cannot be informed.
  if (mail.isConfigured)
    await queueMail(tx, channelFailedMail, { orgId, channelId, event, result, deactivates })
}

function toKey({ orgId, destinationId }: ClaimedDelivery): string {
  return `${orgId}/${destinationId}`
}
