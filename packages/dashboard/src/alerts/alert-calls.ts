import type { AddressedDelivery, Channel, Delivery, Webhook } from '@gatehouse/sdk'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useLive } from '../live/use-live.ts'
import { gatehouse } from '../session.ts'

const { channels } = gatehouse.uptime
const { webhooks } = gatehouse.platform
const pageSize = 50
/** Polling interval while a delivery is in progress; a user has 60 calls per minute. */
const watchMs = 5_000
const idleMs = 15_000
/**
 * Polling interval while the live stream is connected, because reminders and events of programs are sent without a
 * stream event.
 */
const restMs = 60_000

export function useChannels() {
  return useQuery({
    ...useLive(['channels'], idleMs),
    queryKey: ['channels'],
    queryFn: ({ signal }) => channels.list({ signal }),
  })
}

export function useWebhooks() {
  return useQuery({
    ...useLive(['webhooks'], idleMs),
    queryKey: ['webhooks'],
    queryFn: ({ signal }) => webhooks.list({ signal }),
  })
}

// Safe: the first page has no cursor, all others have the previous page's.
const firstPage = null as string | null

export function useNoticeLog() {
  const { meta, refetchInterval } = useLive(['incidents', 'maintenance', 'alerts', 'channels'], idleMs)
  return useInfiniteQuery({
    meta,
    queryKey: ['notices'],
    queryFn: ({ pageParam, signal }) =>
      channels.allDeliveries({ limit: pageSize, ...toCursor(pageParam) }, { signal }),
    initialPageParam: firstPage,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: ({ state }) =>
      state.data?.pages[0]?.deliveries.some(({ nextAttemptAt }) => isDue(nextAttemptAt)) === true
        ? watchMs
        : refetchInterval || restMs,
  })
}

export function useWebhookLog() {
  const { meta, refetchInterval } = useLive(['incidents', 'webhooks'], idleMs)
  return useInfiniteQuery({
    meta,
    queryKey: ['deliveries', 'all'],
    queryFn: ({ pageParam, signal }) =>
      webhooks.deliveries.listAll({ limit: pageSize, ...toCursor(pageParam) }, { signal }),
    initialPageParam: firstPage,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: ({ state }) =>
      state.data?.pages[0]?.deliveries.some(
        ({ state: at, nextAttemptAt }) => at === 'pending' && isDue(nextAttemptAt),
      ) === true
        ? watchMs
        : refetchInterval || restMs,
  })
}

function toCursor(cursor: string | null): { readonly cursor?: string } {
  return cursor === null ? {} : { cursor }
}

function isDue(nextAttemptAt: string | null): boolean {
  return nextAttemptAt !== null && Date.parse(nextAttemptAt) < Date.now() + 5 * watchMs
}

export type Destination =
  | { readonly kind: 'channel'; readonly id: string; readonly channel: Channel }
  | { readonly kind: 'webhook'; readonly id: string; readonly webhook: Webhook }

/** In order of creation. */
export function toDestinations(
  channelList: readonly Channel[],
  webhookList: readonly Webhook[],
): readonly Destination[] {
  const all: readonly Destination[] = [
    ...channelList.map((channel) => ({ kind: 'channel' as const, id: channel.id, channel })),
    ...webhookList.map((webhook) => ({ kind: 'webhook' as const, id: webhook.id, webhook })),
  ]
  return all.toSorted((one, other) => madeAt(one).localeCompare(madeAt(other)))
}

function madeAt(destination: Destination): string {
  return destination.kind === 'channel' ? destination.channel.createdAt : destination.webhook.createdAt
}

export function nameDestination(destination: Destination): string {
  if (destination.kind === 'channel') return destination.channel.name
  return nameWebhook(destination.webhook)
}

export function nameWebhook({ description, shownUrl }: Webhook): string {
  return description === '' ? shownUrl : description
}

/** One line of the log, of either kind. */
export type Sent =
  | { readonly kind: 'channel'; readonly key: string; readonly at: string; readonly delivery: Delivery }
  | {
      readonly kind: 'webhook'
      readonly key: string
      readonly at: string
      readonly delivery: AddressedDelivery
    }
